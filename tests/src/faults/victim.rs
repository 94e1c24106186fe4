//! From a connection to the process at its other end, and its death.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// A process that holds the other end of a connection.
#[derive(Clone, Debug)]
pub(super) struct Victim {
    pid: String,
    /// The file name of its program.
    pub(super) binary: String,
}

/// How often the kernel's tables are read: a row can be missing while connections come and go.
const LOOKS: u32 = 50;

/// The process that connected from `peer` to `here`; none when it is gone already.
pub(super) async fn owner_of(peer: SocketAddr, here: SocketAddr) -> Option<Victim> {
    for _ in 0..LOOKS {
        if let Some(victim) = look_for_owner(peer, here) {
            return Some(victim);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    None
}

fn look_for_owner(peer: SocketAddr, here: SocketAddr) -> Option<Victim> {
    let socket = format!("socket:[{}]", inode_of(peer, here)?);
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let holds = |folder: &Path| {
        let handles = std::fs::read_dir(folder.join("fd")).into_iter().flatten().flatten();
        handles.filter_map(|handle| handle.path().read_link().ok()).any(|link| link.as_os_str() == &*socket)
    };
    let found = processes.map(|entry| entry.path()).find(|folder| holds(folder))?;
    let program = found.join("exe").read_link().ok()?;
    Some(Victim {
        pid: found.file_name()?.to_string_lossy().into_owned(),
        binary: program.file_name()?.to_string_lossy().into_owned(),
    })
}

/// The kernel's number of the socket at `peer` that is connected to `here` (proc(5), `/proc/net/tcp`). Both ends
/// count: a port may be in use for another connection, too.
fn inode_of(peer: SocketAddr, here: SocketAddr) -> Option<String> {
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let [local, remote] = [peer, here].map(|end| format!("0100007F:{:04X}", end.port()));
    let mut rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows.find(|row| row.get(1..3) == Some(&[local.as_str(), remote.as_str()]))?;
    row.get(9).map(|inode| (*inode).to_owned())
}

impl Victim {
    /// Kills it as `kill -9` does, and returns when it cannot do anything any more.
    pub(super) async fn kill(&self) {
        let killed = std::process::Command::new("kill").args(["-9", &self.pid]).status();
        assert!(killed.unwrap().success(), "{self:?} could not be killed");
        while self.is_alive() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// A zombie does nothing any more; it waits for its parent to notice.
    fn is_alive(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    }
}
