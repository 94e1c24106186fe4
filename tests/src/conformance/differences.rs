//! Where implementations differ from AWS: emulators that other people wrote, and the doubles in memory.
//!
//! Each entry was settled by AWS's documentation: it is the implementation that is wrong or lacks
//! something, and the reason says what it does instead. The embedded emulators have no list.

use super::KnownDifference;

/// The known differences of the implementation called `name`; none for a name that is not known here.
#[must_use]
pub fn of(name: &str) -> Vec<KnownDifference> {
    match name {
        "moto" => [BOTH, MOTO].concat(),
        "ministack" => [BOTH, MINISTACK].concat(),
        "memory" => MEMORY.to_vec(),
        _ => Vec::new(),
    }
}

const fn queue(case: &'static str, reason: &'static str) -> KnownDifference {
    KnownDifference { suite: super::queue::NAME, case, reason }
}

const fn object_store(case: &'static str, reason: &'static str) -> KnownDifference {
    KnownDifference { suite: super::object_store::NAME, case, reason }
}

const fn queue_port(case: &'static str, reason: &'static str) -> KnownDifference {
    KnownDifference { suite: super::queue_port::NAME, case, reason }
}

const fn records_port(case: &'static str, reason: &'static str) -> KnownDifference {
    KnownDifference { suite: super::records_port::NAME, case, reason }
}

const NO_MOVE_TASKS: &str = "it has no StartMessageMoveTask and no ListMessageMoveTasks";

const MOTO_ACCEPTS_CHARACTERS: &str =
    "it carries characters that SQS refuses (API reference, SendMessage: InvalidMessageContents)";

/// What moto and ministack both do otherwise.
const BOTH: &[KnownDifference] = &[
    queue(
        "a_message_that_was_returned_refuses_a_change_of_visibility",
        "it hides the message again (API reference, ChangeMessageVisibility: MessageNotInflight)",
    ),
    queue(
        "attributes_count_towards_the_size_of_a_message",
        "it measures the body alone (developer guide, message metadata: attributes are part of the size)",
    ),
    queue("a_move_task_takes_dead_letters_to_the_destination_named", NO_MOVE_TASKS),
    queue("a_move_task_without_a_destination_takes_dead_letters_back", NO_MOVE_TASKS),
    queue("a_move_task_without_a_destination_fails_for_messages_without_a_source", NO_MOVE_TASKS),
    queue("a_move_task_from_a_queue_that_takes_no_dead_letters_is_refused", NO_MOVE_TASKS),
    queue("a_move_task_from_an_unknown_queue_is_refused", NO_MOVE_TASKS),
    queue("move_tasks_are_listed_with_their_progress", NO_MOVE_TASKS),
];

/// moto 5.2 alone.
const MOTO: &[KnownDifference] = &[
    queue(
        "an_older_receipt_does_not_return_a_message_that_was_received_again",
        "the receipt of an earlier receive still changes the visibility; at SQS only the newest counts",
    ),
    queue(
        "a_dead_letter_names_the_queue_it_came_from",
        "it does not return DeadLetterQueueSourceArn (API reference, ReceiveMessage)",
    ),
    queue_port(
        "a_message_received_again_is_no_longer_the_first_receivers",
        "the receipt of an earlier receive still changes the visibility; at SQS only the newest counts",
    ),
    queue("an_entry_that_is_refused_does_not_harm_the_others", MOTO_ACCEPTS_CHARACTERS),
    queue("characters_outside_of_xml_are_refused", MOTO_ACCEPTS_CHARACTERS),
    queue(
        "an_empty_body_is_refused",
        "it carries empty bodies (API reference, SendMessage: the minimum size is one character)",
    ),
    object_store(
        "content_that_does_not_match_its_checksum_is_refused",
        "it does not compare Content-MD5 with the content (API reference, PutObject: BadDigest)",
    ),
];

/// ministack 1.5 alone.
const MINISTACK: &[KnownDifference] = &[
    queue(
        "more_than_twelve_hours_are_refused",
        "it takes any number of seconds (API reference, ChangeMessageVisibility: 0 to 43200)",
    ),
    queue(
        "a_delay_above_fifteen_minutes_is_refused",
        "it takes any number of seconds (API reference, SendMessage: 0 to 900)",
    ),
    queue_port(
        "a_deletion_can_be_repeated",
        "it does not know the receipt any more (API reference, DeleteMessage: a second one succeeds)",
    ),
];

/// The doubles of `revops_core::fake`.
const MEMORY: &[KnownDifference] = &[
    queue_port("an_unknown_queue_is_for_a_person_to_mend", "the double has every queue"),
    records_port("a_missing_bucket_is_for_a_person_to_mend", "the double has no buckets"),
];
