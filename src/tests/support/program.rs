//! The real binary as a child process, for what only a process can show: signals, exit codes, its streams.

use std::{
    ffi::OsStr,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStderr, Command},
};

/// How long the program may take to say or do something on a busy machine before the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `canje`. Killed when dropped.
pub struct Program {
    child: Child,
    said: Lines<BufReader<ChildStderr>>,
}

/// What the web server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

impl Program {
    /// Starts `canje` with these arguments and nothing in the environment but `variables`.
    pub fn start<'a>(arguments: &[&str], variables: impl IntoIterator<Item = (&'a str, &'a OsStr)>) -> Self {
        let kept = ["PATH", "HOME", "CANJE_CACHE"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = Command::new(env!("CARGO_BIN_EXE_canje"))
            .args(arguments)
            .env_clear()
            .envs(kept)
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let said = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        Self { child, said }
    }

    /// Starts the web server in demonstration mode on a free port, and waits until it listens. Returns its address too.
    pub async fn serve<'a>(
        site: &'a Path,
        variables: impl IntoIterator<Item = (&'a str, &'a OsStr)>,
    ) -> (Self, String) {
        let own = [
            ("CANJE_SECRET_KEY", OsStr::new("only-for-tests-only-for-tests-only-for-tests")),
            ("LEPTOS_SITE_ADDR", OsStr::new("127.0.0.1:0")),
            ("LEPTOS_SITE_ROOT", site.as_os_str()),
        ];
        let mut program = Self::start(&["serve"], own.into_iter().chain(variables));
        let line = program.says("escucha en ").await;
        let (_, rest) = line.split_once("escucha en ").expect("the line was found by it");
        let address = rest.split([',', ')', ' ']).next().expect("an address").to_owned();
        (program, address)
    }

    /// Waits for a line on stderr that holds `text`.
    pub async fn says(&mut self, text: &str) -> String {
        let mut before = Vec::new();
        let found = async {
            while let Some(line) = self.said.next_line().await.expect("stderr is readable") {
                if line.contains(text) {
                    return Some(line);
                }
                before.push(line);
            }
            None
        };
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(Some(line)) => line,
            _ => panic!("never said «{text}», but:\n{}", before.join("\n")),
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Sends a signal by name, such as `INT` or `KILL`.
    pub async fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status().await;
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for the end.
    pub async fn ended(mut self) -> ExitStatus {
        let drained = async {
            while let Ok(Some(_)) = self.said.next_line().await {}
            self.child.wait().await.expect("the program can be waited for")
        };
        tokio::time::timeout(PATIENCE, drained).await.expect("the program ends")
    }
}

/// One `GET`, as a browser sends it.
pub async fn get(address: &str, path: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(Answer { status: status.ok_or(std::io::ErrorKind::InvalidData)?, head })
}
