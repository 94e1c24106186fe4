//! What the gateway adds to the agent's own time for a caller who waits.

use std::time::Instant;

use tests::stack::Stack;

use crate::spread::Spread;

/// Three views of the same requests.
pub(crate) struct Report {
    /// From the request to its whole answer, at the client.
    pub(crate) total: Spread,
    /// What the manager-agent function measured around its call of the agent.
    pub(crate) agent: Spread,
    /// The difference, request by request.
    pub(crate) overhead: Spread,
}

/// Asks `warm_up + counted` times, one after the other, and measures the last `counted`.
pub(crate) async fn measure(stack: &Stack, warm_up: usize, counted: usize) -> Report {
    let (mut total, mut agent, mut overhead) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..warm_up + counted {
        let started = Instant::now();
        let answer = stack.ask(&format!("What is the deal status for IXIS? ({number})"), &[]).await;
        let took = started.elapsed().as_secs_f64() * 1000.0;
        let record = stack.object(&format!("conversations/{}/answer.json", answer.tracking_id()));
        let latency = record.and_then(|record| record["usage"]["latency_ms"].as_f64()).unwrap_or_default();
        if number >= warm_up {
            total.push(took);
            agent.push(latency);
            overhead.push(took - latency);
        }
    }
    Report { total: Spread::of(total), agent: Spread::of(agent), overhead: Spread::of(overhead) }
}
