//! What `doctor` says about the program's mail domain, from a name server inside the test.

use std::net::SocketAddr;

use earlypost::{
    doctor::{mail_domain, name_servers},
    pipeline::Level,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UdpSocket},
};

/// What stands under a name.
type Zone = Vec<(&'static str, Vec<String>)>;

/// The answer to a question: its texts in pieces of at most 255 bytes, or that there is no such name.
fn answer(zone: &Zone, question: &[u8], cut: bool) -> Vec<u8> {
    let (mut name, mut at) = (Vec::new(), 12);
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        name.push(String::from_utf8(question[at + 1..end].to_vec()).unwrap());
        at = end;
    }
    let texts = zone.iter().find(|(known, _)| *known == name.join(".")).map(|(_, texts)| texts.clone());
    let code = if texts.is_some() { 0x80 } else { 0x83 };
    let texts = if cut { Vec::new() } else { texts.unwrap_or_default() };
    let count = u8::try_from(texts.len()).unwrap();
    let mut bytes = [&question[..2], &[0x81 | if cut { 2 } else { 0 }, code, 0, 1, 0, count, 0, 0, 0, 0]].concat();
    bytes.extend(&question[12..at + 5]);
    for text in texts {
        let pieces: Vec<u8> =
            text.as_bytes().chunks(255).flat_map(|c| [&[u8::try_from(c.len()).unwrap()], c].concat()).collect();
        bytes.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        bytes.extend(u16::try_from(pieces.len()).unwrap().to_be_bytes());
        bytes.extend(pieces);
    }
    bytes
}

async fn server(zone: Zone) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let listener = TcpListener::bind(address).await.unwrap();
    let whole = zone.clone();
    tokio::spawn(async move {
        let mut question = [0; 600];
        while let Ok((length, from)) = socket.recv_from(&mut question).await {
            let mut said = answer(&zone, &question[..length], false);
            if said.len() > 1232 {
                said = answer(&zone, &question[..length], true);
            }
            socket.send_to(&said, from).await.unwrap();
        }
    });
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut question = vec![0; usize::from(stream.read_u16().await.unwrap())];
            stream.read_exact(&mut question).await.unwrap();
            let said = answer(&whole, &question, false);
            stream.write_u16(u16::try_from(said.len()).unwrap()).await.unwrap();
            stream.write_all(&said).await.unwrap();
        }
    });
    address
}

async fn says(zone: Zone) -> Vec<(Level, String)> {
    let server = server(zone).await;
    mail_domain("ei.example.org", server).await.into_iter().map(|f| (f.level, f.what)).collect()
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn a_domain_in_order_is_said_to_be_so_however_long_its_records_are() {
    // Beyond what goes into one packet: the rest comes over a connection.
    let others: Vec<String> = (0..8).map(|n| format!("some-service={n}{}", "x".repeat(300))).collect();
    let found = says(vec![
        ("ei.example.org", [others, owned(&["v=spf1 include:relay.example.org -all"])].concat()),
        ("_dmarc.ei.example.org", owned(&["v=DMARC1; p=reject; rua=mailto:d@example.org"])),
        ("_domainkey.ei.example.org", Vec::new()),
    ])
    .await;
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|(level, _)| *level == Level::Good), "{found:?}");
}

#[tokio::test]
async fn what_a_domain_lacks_is_a_hint_with_a_next_step_and_no_fault() {
    let found = says(vec![("ei.example.org", Vec::new())]).await;
    let wanted =
        ["which servers send its mail (SPF)", "no key for signed mail (DKIM)", "what becomes of forged mail (DMARC)"];
    for ((level, what), wanted) in found.iter().zip(wanted) {
        assert_eq!((*level, what.contains(wanted)), (Level::Note, true), "{what}");
    }
    let found = says(vec![
        ("ei.example.org", owned(&["v=spf1 mx -all", "v=spf1 a -all"])),
        ("_dmarc.ei.example.org", owned(&["v=DMARC1;p=none"])),
        ("_domainkey.ei.example.org", Vec::new()),
    ])
    .await;
    assert!(found[0].1.contains("2 SPF records") && found[2].1.contains("p=none"), "{found:?}");
    let found = says(vec![("ei.example.org", owned(&["v=spf1 +all"]))]).await;
    assert!(found[0].1.contains("every server"), "{found:?}");
}

#[tokio::test]
async fn a_name_server_that_does_not_answer_is_no_fault() {
    let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let found = mail_domain("ei.example.org", silent.local_addr().unwrap()).await;
    assert_eq!((found.len(), found[0].level), (1, Level::Note));
    assert!(found[0].what.contains("does not answer"));
}

#[test]
fn the_name_servers_of_this_machine_are_read_from_its_own_file() {
    let servers =
        name_servers("# comment\nsearch example.org\nnameserver 192.0.2.1\nnameserver ::1\n nameserver nonsense\n");
    assert_eq!(servers, ["192.0.2.1:53".parse().unwrap(), "[::1]:53".parse().unwrap()]);
}
