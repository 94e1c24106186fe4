//! The doubles in memory pass the ports' suites, but for what they are known not to model.

use tests::conformance::{Report, differences, queue_port, records_port};

fn assert_conforms(report: &Report) {
    assert!(report.passed() > 0);
    assert_eq!(report.failed(), 0, "\n{report}");
}

#[tokio::test]
async fn the_queues_in_memory_conform_to_the_queue_ports() {
    let known = &differences::of("memory");
    assert_conforms(&queue_port::suite().run(queue_port::Memory::default(), known).await);
}

#[tokio::test]
async fn the_records_in_memory_conform_to_the_record_ports() {
    let known = &differences::of("memory");
    assert_conforms(&records_port::suite().run(records_port::Memory, known).await);
}
