//! Settings of fax, SFTP and printers: every mistake is named.

use std::fs;

use super::place::Place;

#[test]
fn mistakes_in_the_settings_of_partners_are_named_with_their_lines() {
    let place = Place::with(&[]);
    let settings = "caseload = \"caseload\"\ndata_dir = \"data\"\n\n[channels.postal]\nkind = \"ipp\"\nuri = \"ipp://printer.example.org/x\"\n\
        \n[channels.fax]\nkind = \"fax_gateway\"\naddress = \"fax@example.org\"\nfrom = \"papers@example.org\"\n\
        [channels.fax.relay]\nhost = \"fax.example.org\"\npassword_file = \"nowhere\"\n\
        [channels.fax.confirmation]\nfrom = \"confirm@example.org\"\nsuccess = \"(\"\nfailure = \"failed\"\n\
        \n[channels.sftp]\nkind = \"sftp\"\n[channels.sftp.connections.lakeside]\nhost = \"sftp.example.org\"\nusername = \"ei\"\n\
        host_key = \"SHA256:short\"\nkey_file = \"nowhere-either\"\n";
    fs::write(place.path("earlypost.toml"), settings).unwrap();
    let said = place.earlypost(&["config", "check"]);
    for says in [
        "channels.postal: uri: a printer elsewhere needs ipps://",
        "channels.fax: address: must be an e-mail address that holds {number} once",
        "channels.fax: relay.enforces_tls_onward: must be stated",
        "channels.fax: relay.username: is missing although a password is given",
        "channels.fax: confirmation.success: is no regular expression",
        "channels.fax.relay.password_file: there is no such file",
        "channels.sftp: connections.lakeside.host_key: must be SHA256:",
        "channels.sftp.connections.lakeside.key_file: there is no such file",
        "channels.sftp: a synthetic program sends to folders only",
    ] {
        said.fails(3, says);
    }
    assert!(said.err.contains("earlypost.toml:14: channels.fax.relay.password_file"), "{}", said.err);
}

#[test]
fn a_channel_of_another_kind_is_told_which_kinds_fit() {
    let place = Place::with(&[]);
    let settings = "caseload = \"caseload\"\ndata_dir = \"data\"\n[channels.email]\nkind = \"print\"\n[channels.fax]\nkind = \"folder\"\n";
    fs::write(place.path("earlypost.toml"), settings).unwrap();
    let said = place.earlypost(&["config", "check"]);
    said.fails(3, "channels.email: e-mail needs `folder` or `smtp`");
    said.fails(3, "channels.fax: fax needs `fax_gateway` or `hylafax`");
}
