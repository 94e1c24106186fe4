//! What a hostile receiver does to a socket that it has taken from the HTTP server.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::fault::{Behaviour, HUGE, SHORT_BODY};

/// Between two bytes of `trickle`.
const DRIP: Duration = Duration::from_millis(200);

/// What `huge` and `endless` write at once.
const PIECE: [u8; 8 * 1024] = [b'x'; 8 * 1024];

/// Writes `opening`, then does what `behaviour` says until it is through or the other side is gone.
pub(super) async fn act(mut socket: TcpStream, behaviour: Behaviour, opening: String) {
    // That the other side leaves is how most of this ends.
    let _ = acted(&mut socket, behaviour, &opening).await;
}

async fn acted(socket: &mut TcpStream, behaviour: Behaviour, opening: &str) -> io::Result<()> {
    socket.write_all(opening.as_bytes()).await?;
    match behaviour {
        Behaviour::Trickle => loop {
            socket.write_all(b".").await?;
            tokio::time::sleep(DRIP).await;
        },
        Behaviour::Endless => loop {
            socket.write_all(&PIECE).await?;
        },
        Behaviour::EndlessHead => loop {
            socket.write_all(b"x-more: and more\r\n").await?;
        },
        Behaviour::Huge => {
            for _ in 0..HUGE / PIECE.len() {
                socket.write_all(&PIECE).await?;
            }
            Ok(())
        }
        Behaviour::Short => socket.write_all(SHORT_BODY.as_bytes()).await,
        // Closing with a linger of zero is what sends a reset.
        Behaviour::Reset => socket.set_zero_linger(),
        Behaviour::Hang => until_closed(socket).await,
        // A redirect is an answer as HTTP has it and takes no socket.
        Behaviour::NotHttp | Behaviour::Redirect => Ok(()),
    }
}

/// Returns when the other side has closed.
async fn until_closed(socket: &mut TcpStream) -> io::Result<()> {
    let mut ignored = [0; 1024];
    while socket.read(&mut ignored).await? > 0 {}
    Ok(())
}
