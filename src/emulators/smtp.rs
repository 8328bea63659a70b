//! An SMTP server for tests: takes messages, keeps them, refuses what it is told to.
//!
//! No TLS and no real authentication: what is tested is our side of the conversation.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The running server; ends when dropped.
pub struct Smtp {
    /// Where it listens.
    pub address: SocketAddr,
    held: Arc<Mutex<Held>>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Held {
    messages: Vec<String>,
    next: Vec<Trouble>,
}

/// How the next message goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// This answer to `RCPT TO`, such as `550 5.1.1 unknown`.
    Refused(&'static str),
    /// The message is kept, and the connection ends before it is said.
    Lost,
}

impl Smtp {
    /// Listens on a free port.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let held = Arc::new(Mutex::new(Held::default()));
        let shared = held.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let held = shared.clone();
                // A client that goes away in the middle is part of what is tested.
                tokio::spawn(async move { drop(converse(stream, &held).await) });
            }
        });
        Ok(Self { address, held, serving })
    }

    /// What arrived, whole, oldest first.
    pub fn messages(&self) -> Vec<String> {
        lock(&self.held).messages.clone()
    }

    /// The next message goes wrong.
    pub fn next(&self, trouble: Trouble) {
        lock(&self.held).next.push(trouble);
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(held: &Mutex<Held>) -> std::sync::MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn converse(stream: TcpStream, held: &Mutex<Held>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 twin ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "HELO" => "250-twin\r\n250 8BITMIME\r\n".to_owned(),
            "RCPT" => {
                let refusal = match lock(held).next.first() {
                    Some(Trouble::Refused(said)) => Some(*said),
                    _ => None,
                };
                match refusal {
                    Some(said) => {
                        lock(held).next.remove(0);
                        format!("{said}\r\n")
                    }
                    None => "250 ok\r\n".to_owned(),
                }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    message.push_str(line.strip_prefix('.').unwrap_or(&line));
                    message.push('\n');
                }
                let is_lost = {
                    let mut held = lock(held);
                    held.messages.push(message);
                    let is_lost = held.next.first() == Some(&Trouble::Lost);
                    if is_lost {
                        held.next.remove(0);
                    }
                    is_lost
                };
                if is_lost {
                    return Ok(());
                }
                "250 taken\r\n".to_owned()
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok\r\n".to_owned(),
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
