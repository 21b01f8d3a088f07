//! A program's own templates, labels, state texts and letterhead: what is taken, what is refused, what is compared.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::place::{Place, earlypost, sample};
use crate::papers::poppler;

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#0b4f5c"/></svg>"##;

/// A place whose settings name a template folder with these files.
pub(super) fn place_with<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Place {
    let place = Place::with(&["c-0417"]);
    place.edit("earlypost.toml", "data_dir = \"data\"", "data_dir = \"data\"\ntemplates_dir = \"templates\"");
    fs::create_dir_all(place.path("templates")).unwrap();
    for (path, text) in files {
        let to = place.path("templates").join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    place
}

fn rights_of(place: &Place) -> String {
    let out = place.path("rights.pdf");
    let path = out.to_str().unwrap();
    let asked = ["preview", "procedural-safeguards", "--child", "c-0417", "--as", "family:0417-mother", "--out", path];
    place.done(&asked);
    super::super::papers::plain(&poppler::text(&fs::read(out).unwrap()))
}

#[test]
fn a_states_own_text_a_label_and_a_logo_stand_before_ours() {
    let place = place_with(&[
        ("lang/en.toml", "[page]\nfooter = \"Call {name} on {telephone}\"\n"),
        (
            "state/procedural-safeguards.txt",
            "# What this state says\n\nThe state's own first paragraph.\n\n- its point\n",
        ),
        ("letterhead/logo.svg", LOGO),
    ]);
    place.edit(
        "caseload/program.toml",
        "name = \"Tidewater Early Steps\"",
        "name = \"Tidewater Early Steps\"\nlogo = \"logo.svg\"",
    );
    let rights = rights_of(&place);

    for own in [
        "What this state says",
        "The state's own first paragraph.",
        "its point",
        "Call Jenni Alvarez, M.S.W. on (757) 555-0142",
    ] {
        assert!(rights.contains(own), "{own} is missing in {rights}");
    }
    assert!(!rights.contains("You may say no to any service"), "ours stands beside the state's");
    assert!(rights.contains("Who can help"), "the program's helpers go with the state's text");
}

#[test]
fn nothing_starts_with_a_template_that_does_not_work_and_the_message_names_file_line_and_field() {
    let main = "#import \"/shared/view.typ\": view\n#set document(title: \"Notice\")\n#view.last_dya\n";
    let place = place_with(&[("stop-notice/main.typ", main)]);
    let said = place.earlypost(&["run"]);

    said.fails(1, "your own templates do not work");
    said.fails(1, "stop-notice/main.typ:3");
    said.fails(1, "there is no field or label \"last_dya\" here; `earlypost schema --view stop-notice`");
    assert!(place.sent().is_empty());
    let check = place.earlypost(&["template", "check"]);
    assert_eq!(check.code, 5, "{}{}", check.out, check.err);
    assert!(check.out.contains("stop-notice/main.typ:3"), "{}", check.out);

    fs::remove_file(place.path("templates/stop-notice/main.typ")).unwrap();
    place.done(&["template", "check"]);
}

#[test]
fn a_file_that_cannot_be_used_stops_the_start_with_what_to_do() {
    for (path, text, says) in [
        ("lang/en.toml", "[family]\nclosng = \"x\"\n", "family.closng is no text of ours"),
        ("letterhead/logo.png", "GIF89a", "letterhead/logo.png: is no PNG picture"),
        ("notes.docx", "PK", "notes.docx: is no file that a template can use"),
    ] {
        let place = place_with(&[(path, text)]);
        place.earlypost(&["plan"]).fails(1, says);
    }
    let place = place_with::<&str>(&[]);
    place.edit(
        "caseload/program.toml",
        "name = \"Tidewater Early Steps\"",
        "name = \"Tidewater Early Steps\"\nlogo = \"logo.svg\"",
    );
    place.earlypost(&["plan"]).fails(1, "there is no letterhead/logo.svg in the template folder");
}

#[test]
fn a_template_cannot_read_outside_the_template_set() {
    let main = "#set document(title: \"Notice\")\n#read(\"/etc/passwd\")\n";
    let place = place_with(&[("stop-notice/main.typ", main)]);
    let check = place.earlypost(&["template", "check"]);

    assert_eq!(check.code, 5);
    assert!(check.out.contains("stop-notice/main.typ:2") && !check.out.contains("root:"), "{}", check.out);
}

#[test]
fn an_export_is_a_beginning_and_overwrites_nothing() {
    let place = place_with(&[("physician-letter/main.typ", "mine")]);
    let folder = place.path("templates");
    let said = earlypost(&["template", "export", folder.to_str().unwrap(), "physician-letter", "stop-notice"]);

    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(fs::read_to_string(folder.join("physician-letter/main.typ")).unwrap(), "mine");
    assert!(fs::read_to_string(folder.join("stop-notice/main.typ")).unwrap().contains("#show: paper"));
    assert!(!folder.join("ifsp").exists());
}

#[test]
fn before_and_after_stand_side_by_side_and_only_pages_that_differ() {
    let place = place_with(&[("lang/en.toml", "[stop_notice]\nlast_day = \"The very last day\"\n")]);
    let out = place.path("look");
    place.done(&["template", "diff", "stop-notice", "physician-letter", "--out", out.to_str().unwrap()]);
    let page = fs::read_to_string(out.join("index.html")).unwrap();

    assert!(page.contains("1 of 2 pages differ"), "{page}");
    assert!(page.contains("before/stop-notice-agency-01.svg") && page.contains("after/stop-notice-agency-01.svg"));
    assert!(!page.contains("physician-letter-physician-01.svg"));
    assert!(fs::read_to_string(out.join("after/stop-notice-agency-01.svg")).unwrap().contains("<svg"));
}

#[test]
fn the_list_names_every_kind_and_ones_own_files_and_the_schema_every_field() {
    let place = place_with(&[("stop-notice/extra.typ", "")]);
    let list = place.done(&["template", "list"]).out;
    assert!(list.contains("prior-written-notice") && list.contains("your own stop-notice/extra.typ"), "{list}");

    let schema = earlypost(&["schema", "--view", "ifsp"]);
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    assert!(schema["properties"]["outcomes"]["description"].as_str().unwrap().contains("outcomes"), "{schema}");
}

/// A running service whose words are read line by line.
struct Running {
    service: Child,
    said: std::io::Lines<BufReader<std::process::ChildStderr>>,
}

impl Running {
    fn on(place: &Place) -> Self {
        let mut command = place.command(&["serve", "-v"]);
        command
            .env("EARLYPOST_SERVICE_POLL_SECONDS", "1")
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut service = command.spawn().unwrap();
        let said = BufReader::new(service.stderr.take().unwrap()).lines();
        Self { service, said }
    }

    /// The next line that says this.
    #[track_caller]
    fn says(&mut self, text: &str) -> String {
        let mut others = String::new();
        for line in self.said.by_ref().map(Result::unwrap) {
            if line.contains(text) {
                return line;
            }
            others += &format!("{line}\n");
        }
        panic!("the service ended and never said {text}:\n{others}");
    }

    /// Waits from run to run until this has happened.
    #[track_caller]
    fn runs_until(&mut self, mut happened: impl FnMut() -> bool) {
        while !happened() {
            self.says("a run has ended");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

#[test]
fn a_running_service_takes_changed_templates_and_keeps_the_last_that_worked() {
    let place = place_with(&[("lang/en.toml", "[page]\nfooter = \"Call {name} on {telephone}\"\n")]);
    let each_second = "\n[[schedule]]\nname = \"run\"\nwork = \"run\"\nat = \"* * * * * *\"\n";
    let settings = fs::read_to_string(place.path("earlypost.toml")).unwrap() + each_second;
    fs::write(place.path("earlypost.toml"), settings).unwrap();
    let mut service = Running::on(&place);
    service.says("the service is up");
    let wrong = "#import \"/shared/view.typ\": view\n#set document(title: \"Notice\")\n#view.last_dya\n";
    fs::create_dir_all(place.path("templates/stop-notice")).unwrap();
    fs::write(place.path("templates/stop-notice/main.typ"), wrong).unwrap();
    let line = service.says("the changed templates do not work");
    assert!(line.contains("ERROR") && line.contains("stop-notice/main.typ:3"), "{line}");
    let fault = place.json(&["status"])["templates_fault"].as_str().unwrap().to_owned();
    assert!(fault.contains("stop-notice/main.typ:3"), "{fault}");
    let said = place.done(&["status"]).out;
    assert!(said.contains("Your own templates do not work as they are saved; the service goes on"), "{said}");
    place.earlypost(&["run"]).fails(1, "your own templates do not work");

    // With the last that worked it goes on: a child that comes now gets its papers.
    let sent = place.sent().len();
    place.put("c-0411", &sample("c-0411"));
    service.runs_until(|| place.sent().len() > sent);
    fs::remove_file(place.path("templates/stop-notice/main.typ")).unwrap();
    fs::write(place.path("templates/lang/en.toml"), "[page]\nfooter = \"Ring {name} on {telephone}\"\n").unwrap();
    service.says("the changed templates are in use");
    assert!(place.json(&["status"])["templates_fault"].is_null());
    place.put("c-0394", &sample("c-0394"));
    let rings = |path: &std::path::PathBuf| {
        path.extension().is_some_and(|end| end == "pdf") && poppler::text(&fs::read(path).unwrap()).contains("Ring ")
    };
    let letters = |place: &Place| place.sent().into_iter().filter(|path| rings(path)).count();
    service.runs_until(|| letters(&place) > 0);
    assert!(Command::new("kill").args(["-TERM", &service.service.id().to_string()]).status().unwrap().success());
    service.says("the service has stopped");
}
