//! The database behind a test: a file in its own folder, or with `EARLYPOST_TEST_STORE=postgres` a fresh database of a
//! PostgreSQL server. The server is the one that `EARLYPOST_TEST_POSTGRES` names (a URL of its superuser), or a private
//! cluster that lives as long as this process.
//!
//! On PostgreSQL a test comes to its database as README sets a program up: the owner made the tables and ran
//! packaging/postgres/roles.sql, and the program is a user in the role `earlypost_service`. Two things are another user's,
//! and a test asks for them by name: `keeper_url` is for the destruction of records; `owner_url` is for what stands outside
//! the program, which is migrations, a record bent behind its back, and settings of the server such as
//! `session_replication_role`.

use std::{
    env,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use earlypost::store::{migrate, sqlite_url};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

// Here and not beside it: a bench takes this file alone.
#[path = "passes.rs"]
pub mod passes;

use passes::{Choice, opens};

/// The users of the roles, and their password; they belong to the server, as roles do.
const SERVICE: &str = "earlypost_test_service";
const KEEPER: &str = "earlypost_test_keeper";
const PASSWORD: &str = "a-test-only";

/// Whether the suite runs on PostgreSQL.
pub fn on_postgres() -> bool {
    match env::var("EARLYPOST_TEST_STORE").as_deref() {
        Err(_) | Ok("sqlite") => false,
        Ok("postgres") => true,
        Ok(other) => panic!("EARLYPOST_TEST_STORE is sqlite or postgres, not {other}"),
    }
}

/// Whether PostgreSQL can be used here. Where it cannot, a test is skipped loudly; where `CI` is set, it is required.
pub fn postgres_is_here(test: &str) -> bool {
    let here = env::var_os("EARLYPOST_TEST_POSTGRES").is_some() || programs().is_some();
    if !here {
        assert!(env::var_os("CI").is_none(), "PostgreSQL is required in CI; install Debian's `postgresql`");
        skipped(test, "PostgreSQL is not installed (Debian: postgresql)");
    }
    here
}

/// Says on the terminal, past the capture of the test's output, that something was not tested.
pub fn skipped(test: &str, why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}

/// The database of one test. A PostgreSQL database is dropped with it.
pub struct Database {
    /// Its name on the server; none for a file.
    name: Option<String>,
    url: String,
    keeper: String,
    owner: String,
}

impl Database {
    /// The database that this run of the suite is for.
    pub fn for_test(data_dir: &Path) -> Self {
        opens(Choice::OfTheSuite);
        if on_postgres() { Self::with_tables() } else { Self::at(sqlite_url(data_dir)) }
    }

    /// A file, whatever the suite runs on.
    pub fn file(data_dir: &Path) -> Self {
        opens(Choice::OfTheTest);
        Self::at(sqlite_url(data_dir))
    }

    /// A PostgreSQL database with the present tables, whatever the suite runs on.
    pub fn postgres() -> Self {
        opens(Choice::OfTheTest);
        Self::with_tables()
    }

    /// A PostgreSQL database with nothing in it. Whoever comes to it is its owner: nobody else may make the tables.
    pub fn empty_postgres() -> Self {
        opens(Choice::OfTheTest);
        let name = new_name();
        as_owner(&format!("CREATE DATABASE {name}"));
        let mut database = Self::at(cluster().url(&name));
        database.name = Some(name);
        database
    }

    fn at(url: String) -> Self {
        Self { name: None, keeper: url.clone(), owner: url.clone(), url }
    }

    fn with_tables() -> Self {
        let name = new_name();
        as_owner(&format!("CREATE DATABASE {name} TEMPLATE {}", template()));
        Self::named(name)
    }

    fn named(name: String) -> Self {
        let of = |user| cluster().url_of(user, PASSWORD, &name);
        Self { url: of(SERVICE), keeper: of(KEEPER), owner: cluster().url(&name), name: Some(name) }
    }

    /// As the program comes to it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same, where it is a server's.
    pub fn on_a_server(&self) -> Option<&str> {
        self.name.as_ref().map(|_| self.url())
    }

    /// As whoever destroys records comes to it.
    pub fn keeper_url(&self) -> &str {
        &self.keeper
    }

    /// As the owner of its tables comes to it.
    pub fn owner_url(&self) -> &str {
        &self.owner
    }

    /// Gives it to a program that is about to start. A file stands where the program itself puts it.
    pub fn given_to(&self, command: &mut Command) {
        match self.on_a_server() {
            Some(url) => command.env("EARLYPOST_STORE", url),
            None => command.env_remove("EARLYPOST_STORE"),
        };
    }

    /// Whether a row of a server's database holds this text.
    pub fn has_a_row_with(&self, text: &str) -> bool {
        let mut found = false;
        if self.name.is_none() {
            return found;
        }
        on_a_thread(|| async {
            let mut owner = PgConnection::connect(&self.owner).await.unwrap();
            let tables: Vec<(String,)> = sqlx::query_as(
                "SELECT table_name::text FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
            )
            .fetch_all(&mut owner)
            .await
            .unwrap();
            assert!(tables.len() > 20, "{tables:?}");
            for (table,) in tables {
                let holds = format!("SELECT EXISTS (SELECT 1 FROM {table} t WHERE position($1 IN t::text) > 0)");
                let (holds,): (bool,) =
                    sqlx::query_as(AssertSqlSafe(holds)).bind(text).fetch_one(&mut owner).await.unwrap();
                found |= holds;
            }
            owner.close().await.unwrap();
        });
        found
    }

    /// A copy of what it holds now. `None` for a file, which is copied as one.
    pub fn copied(&self) -> Option<Self> {
        let (from, name) = (self.name.as_deref()?, new_name());
        as_owner(&format!("CREATE DATABASE {name} TEMPLATE {from}"));
        Some(Self::named(name))
    }

    /// Makes it what the other one is.
    pub fn become_like(&self, other: &Self) {
        if let (Some(name), Some(other)) = (&self.name, &other.name) {
            as_owner(&format!("DROP DATABASE {name} WITH (FORCE)"));
            as_owner(&format!("CREATE DATABASE {name} TEMPLATE {other}"));
        }
    }
}

fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("earlypost_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            as_owner(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// A running server.
pub struct Cluster {
    /// `postgres://user:password@host:port`
    server: String,
    /// What follows the name of the database.
    parameters: String,
    /// The authority of the server's certificate, of a private cluster.
    pub ca: Option<String>,
    /// When its standard input closes, which is when this process ends, the private cluster stops and removes itself.
    _alive: Option<Mutex<Child>>,
}

impl Cluster {
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.server, self.parameters)
    }

    /// The same server as another user.
    pub fn url_of(&self, user: &str, password: &str, database: &str) -> String {
        let (scheme, rest) = self.server.split_once("://").unwrap();
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        format!("{scheme}://{user}:{password}@{host}/{database}{}", self.parameters)
    }
}

pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| match env::var("EARLYPOST_TEST_POSTGRES") {
        Ok(url) => {
            let (server, parameters) =
                url.split_once('?').map_or((url.as_str(), String::new()), |(s, p)| (s, format!("?{p}")));
            let after_host = server.find("://").and_then(|at| server[at + 3..].find('/').map(|slash| at + 3 + slash));
            let server = &server[..after_host.unwrap_or(server.len())];
            Cluster { server: server.to_owned(), parameters, ca: None, _alive: None }
        }
        Err(_) => private_cluster(),
    })
}

/// Debian keeps the server's programs beside their version; others have them on the path.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.sort_by_key(|folder| {
        folder.parent().and_then(|v| v.file_name()?.to_str()?.parse::<u32>().ok()).unwrap_or_default()
    });
    versions.reverse();
    versions
        .into_iter()
        .chain(env::split_paths(&path))
        .find(|folder| ["initdb", "postgres", "pg_isready"].iter().all(|program| folder.join(program).is_file()))
}

fn private_cluster() -> Cluster {
    let programs =
        programs().expect("PostgreSQL is installed (Debian: postgresql), or EARLYPOST_TEST_POSTGRES names one");
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let (certificate, private) = (key.cert.pem(), key.signing_key.serialize_pem());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut random = [0; 16];
    getrandom::fill(&mut random).unwrap();
    let password = hex::encode(random);
    // The server refuses to run as root; Debian's package brings the account, and everywhere there is `nobody`.
    let root = Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0";
    let mut command = if root {
        let account =
            ["postgres", "nobody"].into_iter().find(|name| has_account(name)).expect("an account for PostgreSQL");
        let mut command = Command::new("runuser");
        command.args(["-u", account, "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut child = command
        .args(["-c", include_str!("postgres.sh"), "sh"])
        .arg(programs)
        .arg(port.to_string())
        .env("TEST_CERTIFICATE", &certificate)
        .env("TEST_KEY", private)
        .env("TEST_PASSWORD", &password)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said.trim(), "ready", "the private PostgreSQL cluster did not start");
    Cluster {
        server: format!("postgres://tester:{password}@127.0.0.1:{port}"),
        parameters: String::new(),
        ca: Some(certificate),
        _alive: Some(Mutex::new(child)),
    }
}

fn has_account(name: &str) -> bool {
    Command::new("id").arg(name).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// A database with the present tables and rights, from which the tests' own are copied; made once a server and state of
/// these.
fn template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let migrations = std::fs::read_dir(here.join("migrations/postgres")).unwrap();
        let mut files: Vec<PathBuf> = migrations.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let roles = here.join("packaging/postgres/roles.sql");
        files.push(roles.clone());
        let mut hash = Sha256::new();
        for file in &files {
            hash.update(std::fs::read(file).unwrap());
        }
        let name = format!("earlypost_template_{}", &hex::encode(hash.finalize())[..12]);
        on_a_thread(|| async {
            let mut owner = PgConnection::connect(&cluster().url("postgres")).await.unwrap();
            // Several test processes may share a server that was given.
            owner.execute("SELECT pg_advisory_lock(730)").await.unwrap();
            let there: Option<(String,)> = sqlx::query_as("SELECT datname::text FROM pg_database WHERE datname = $1")
                .bind(&name)
                .fetch_optional(&mut owner)
                .await
                .unwrap();
            if there.is_none() {
                let making = format!("{name}_making");
                owner.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"))).await.unwrap();
                owner.execute(AssertSqlSafe(format!("CREATE DATABASE {making}"))).await.unwrap();
                migrate(&cluster().url(&making)).await.unwrap();
                let mut tables = PgConnection::connect(&cluster().url(&making)).await.unwrap();
                let script = std::fs::read_to_string(&roles).unwrap();
                tables.execute(sqlx::raw_sql(AssertSqlSafe(script))).await.unwrap();
                tables.close().await.unwrap();
                for (user, role) in [(SERVICE, "earlypost_service"), (KEEPER, "earlypost_keeper")] {
                    let user =
                        format!("DROP USER IF EXISTS {user}; CREATE USER {user} PASSWORD '{PASSWORD}' IN ROLE {role}");
                    owner.execute(sqlx::raw_sql(AssertSqlSafe(user))).await.unwrap();
                }
                owner.execute(AssertSqlSafe(format!("ALTER DATABASE {making} RENAME TO {name}"))).await.unwrap();
            }
            owner.close().await.unwrap();
        });
        name
    })
}

/// A statement by the owner of the server.
pub fn as_owner(sql: &str) {
    let sql = sql.to_owned();
    on_a_thread(|| async move {
        let mut owner = PgConnection::connect(&cluster().url("postgres")).await.unwrap();
        owner.execute(AssertSqlSafe(sql)).await.unwrap();
        owner.close().await.unwrap();
    });
}

/// Runs to its end, also from within another runtime.
fn on_a_thread<F: Future<Output = ()>>(work: impl FnOnce() -> F + Send) {
    std::thread::scope(|scope| {
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        scope.spawn(move || runtime().block_on(work())).join().unwrap();
    });
}
