//! A network of its own for a worker, with one line to the database and one to the relay. The first can be cut.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use tokio::{io::copy_bidirectional, net::TcpListener, net::TcpStream, runtime::Runtime};

use crate::harness::skipped;

/// Relays only a loopback address in the clear, so the relay has to be at one in the worker's network too.
const RELAY: &str = "
import asyncio, sys
here, there, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()
async def carry(reader, writer):
    other_reader, other_writer = await asyncio.open_connection(there, port)
    await asyncio.gather(pump(reader, other_writer), pump(other_reader, writer))
async def main():
    server = await asyncio.start_server(carry, '127.0.0.1', here)
    print('ready', flush=True)
    async with server:
        await server.serve_forever()
asyncio.run(main())
";

pub struct Network {
    name: String,
    /// The number in its addresses.
    number: u32,
    runtime: Runtime,
    carrier: Option<Child>,
}

fn ip(args: &[&str]) -> bool {
    Command::new("ip")
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

impl Network {
    /// Nothing, loudly, where this user may not make networks.
    pub fn make(test: &str) -> Option<Self> {
        let number = std::process::id() % 250 + 1;
        let name = format!("earlypost{number}");
        if !ip(&["netns", "add", &name]) {
            skipped(test, "no network of its own can be made here (ip netns needs root)");
            return None;
        }
        let network = Self { name, number, runtime: Runtime::new().unwrap(), carrier: None };
        for (line, net) in [('d', 213), ('r', 214)] {
            let (here, there) = (format!("ep{number}{line}"), format!("ep{number}{line}p"));
            let (from, to) = (format!("10.{net}.{number}.1/30"), format!("10.{net}.{number}.2/30"));
            let name = network.name.as_str();
            for args in [
                &["link", "add", &here, "type", "veth", "peer", "name", &there, "netns", name][..],
                &["addr", "add", &from, "dev", &here],
                &["link", "set", &here, "up"],
                &["-n", name, "addr", "add", &to, "dev", &there],
                &["-n", name, "link", "set", &there, "up"],
                &["-n", name, "link", "set", "lo", "up"],
            ] {
                assert!(ip(args), "{args:?}");
            }
        }
        Some(network)
    }

    /// Carries what comes over a line to a port of this machine; gives the address at which it is reached.
    fn carried(&self, net: u8, port: u16) -> SocketAddr {
        let listener = self.runtime.block_on(TcpListener::bind(format!("10.{net}.{}.1:0", self.number))).unwrap();
        let address = listener.local_addr().unwrap();
        self.runtime.spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                tokio::spawn(async move {
                    if let Ok(mut to) = TcpStream::connect(("127.0.0.1", port)).await {
                        drop(copy_bidirectional(&mut from, &mut to).await);
                    }
                });
            }
        });
        address
    }

    /// The same database over the line that can be cut.
    pub fn database(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (user, rest) = rest.rsplit_once('@').unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let port = host.rsplit_once(':').unwrap().1.parse().unwrap();
        format!("{scheme}://{user}@{}/{path}", self.carried(213, port))
    }

    /// Makes a relay on this machine's loopback reachable on the network's, at the same port.
    pub fn carry_relay(&mut self, port: u16) {
        let there = self.carried(214, port);
        let args = ["-c", RELAY, &port.to_string(), &there.ip().to_string(), &there.port().to_string()];
        let mut carrier = self.inside("python3").args(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = [0; 6];
        std::io::Read::read_exact(carrier.stdout.as_mut().unwrap(), &mut ready).unwrap();
        self.carrier = Some(carrier);
    }

    /// A program that runs in it.
    pub fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    /// Cuts the line to the database, or mends it. Nobody at either end is told.
    pub fn cut(&self, cut: bool) {
        assert!(ip(&["link", "set", &format!("ep{}d", self.number), if cut { "down" } else { "up" }]));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if let Some(mut carrier) = self.carrier.take() {
            let _ = carrier.kill();
            let _ = carrier.wait();
        }
        for line in ['d', 'r'] {
            ip(&["link", "del", &format!("ep{}{line}", self.number)]);
        }
        ip(&["netns", "del", &self.name]);
    }
}
