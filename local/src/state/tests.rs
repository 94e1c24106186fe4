//! Claims about the state folder.

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn open(folder: &TempDir, fresh: bool) -> Result<StateFolder, StateError> {
    StateFolder::open(&folder.path().join("state"), fresh)
}

#[test]
fn a_folder_that_another_stack_uses_is_refused_with_its_process() {
    let folder = TempDir::new().unwrap();
    let _first = open(&folder, false).unwrap();
    let Err(StateError::InUse { pid, .. }) = open(&folder, true) else { panic!("two stacks on one folder") };
    assert_eq!(pid, Some(std::process::id()));
}

#[test]
fn a_folder_is_free_again_once_its_stack_has_ended() {
    let folder = TempDir::new().unwrap();
    drop(open(&folder, false).unwrap());
    assert!(open(&folder, false).is_ok());
}

#[test]
fn secrets_survive_a_restart_and_a_fresh_start_makes_new_ones() {
    let folder = TempDir::new().unwrap();
    let first = open(&folder, false).unwrap().secrets().unwrap();
    let second = open(&folder, false).unwrap().secrets().unwrap();
    assert_eq!(first.api_key, second.api_key);
    assert_eq!(first.signing_secret, second.signing_secret);
    let third = open(&folder, true).unwrap().secrets().unwrap();
    assert_ne!(first.api_key, third.api_key);
}

#[test]
fn made_secrets_have_the_form_that_their_readers_expect() {
    let secrets = Secrets::from_random(&[0xab; 24], &[0; 32]);
    assert_eq!(secrets.api_key, format!("rwg_local_{}", "ab".repeat(24)));
    assert_eq!(secrets.signing_secret, format!("whsec_{}=", "A".repeat(43)));
    let known = Secrets { api_key: "abc".to_owned(), signing_secret: String::new() };
    assert_eq!(known.api_key_hash(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(format!("{known:?}"), "Secrets { .. }");
}

#[test]
fn secrets_are_for_the_owner_only() {
    let folder = TempDir::new().unwrap();
    let state = open(&folder, false).unwrap();
    state.secrets().unwrap();
    assert_eq!(mode(&state.root.join("secrets.json")), 0o600);
    assert_eq!(mode(&state.root), 0o700);
}

#[test]
fn fresh_empties_a_state_folder() {
    let folder = TempDir::new().unwrap();
    let state = open(&folder, false).unwrap();
    fs::create_dir_all(state.objects().join("bucket")).unwrap();
    fs::write(state.objects().join("bucket/key"), "x").unwrap();
    fs::write(state.queues(), "x").unwrap();
    drop(state);
    let state = open(&folder, true).unwrap();
    assert!(!state.objects().join("bucket").exists());
    assert!(!state.queues().exists());
}

#[test]
fn a_folder_of_somebody_else_is_never_used_nor_emptied() {
    let folder = TempDir::new().unwrap();
    let foreign = folder.path().join("state/precious.txt");
    fs::create_dir(folder.path().join("state")).unwrap();
    fs::write(&foreign, "x").unwrap();
    for fresh in [false, true] {
        assert!(matches!(open(&folder, fresh), Err(StateError::NotOurs { .. })));
        assert!(foreign.exists());
    }
    let names: Vec<_> = fs::read_dir(folder.path().join("state")).unwrap().collect();
    assert_eq!(names.len(), 1, "not even a lock is left in it");
}

#[test]
fn the_state_of_another_version_is_refused_until_a_fresh_start() {
    let folder = TempDir::new().unwrap();
    let state = open(&folder, false).unwrap();
    fs::write(state.root.join("state-version"), "revops-webhook-gateway local state 99\n").unwrap();
    drop(state);
    let Err(error) = open(&folder, false) else { panic!("the state of another version was taken") };
    let text = error.to_string();
    assert!(text.contains("(99; this one writes 1); empty it with --fresh"), "{text}");
    assert!(open(&folder, true).is_ok());
    assert!(open(&folder, false).is_ok());
}

#[test]
fn a_folder_that_cannot_be_created_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let Err(error) = StateFolder::open(&folder.path().join("file/state"), false) else { panic!("was taken") };
    let text = error.to_string();
    assert!(text.contains("file/state") && text.contains("--state DIR"), "{text}");
}

#[test]
fn damaged_secrets_are_reported_instead_of_replaced() {
    let folder = TempDir::new().unwrap();
    let state = open(&folder, false).unwrap();
    fs::write(state.root.join("secrets.json"), "{").unwrap();
    assert!(matches!(state.secrets(), Err(StateError::Damaged { .. })));
}

#[test]
fn ready_is_announced_whole_and_gone_after_a_crash() {
    let folder = TempDir::new().unwrap();
    let state = open(&folder, false).unwrap();
    let ready = Ready {
        gateway_url: "http://127.0.0.1:3000".to_owned(),
        api_key: None,
        aws_endpoint_url: "http://127.0.0.1:4566".to_owned(),
        inbox_url: "http://127.0.0.1:3000/_local/inbox".to_owned(),
        signing_secret: Some("whsec_x".to_owned()),
        queue_urls: [("query".to_owned(), "http://127.0.0.1:4566/000000000000/query".to_owned())].into(),
        bucket: "conversations".to_owned(),
        pid: 7,
    };
    state.announce_ready(&ready).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&fs::read(state.ready_file()).unwrap()).unwrap();
    assert_eq!(json["api_key"], serde_json::Value::Null);
    assert_eq!(json["queue_urls"]["query"], "http://127.0.0.1:4566/000000000000/query");
    assert_eq!(mode(&state.ready_file()), 0o600);
    let path = state.ready_file();
    drop(state);
    assert!(path.exists(), "as after a kill -9");
    open(&folder, false).unwrap();
    assert!(!path.exists());
}
