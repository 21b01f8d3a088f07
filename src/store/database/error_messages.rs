//! The database's own words, made plain where a person can do something about them. No word of a URL is repeated:
//! it may hold a password.

/// What to say for an error of the database.
pub(in crate::store) fn of_database(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            of_code(&code).map_or_else(|| of_text(refusal.message()), ToOwned::to_owned)
        }
        sqlx::Error::Configuration(_) => {
            "its URL cannot be read; it looks like postgres://user@host:5432/database?sslmode=verify-full".to_owned()
        }
        sqlx::Error::PoolTimedOut => {
            "no connection to the database became free; it may be overloaded or gone".to_owned()
        }
        // rustls reports a certificate that does not hold as data that is not valid.
        sqlx::Error::Io(source) if source.kind() == std::io::ErrorKind::InvalidData => not_safe(source),
        sqlx::Error::Io(source) => {
            format!(
                "the database does not answer ({}); check that it runs and that its address is right",
                source.kind()
            )
        }
        sqlx::Error::Tls(source) => not_safe(source),
        other => of_text(&other.to_string()),
    }
}

fn not_safe(source: impl std::fmt::Display) -> String {
    format!("the connection to the database is not safe: {source}; check sslmode and sslrootcert in its URL")
}

/// PostgreSQL's codes are the same in every language; <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn of_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "28P01" | "28000" => "the database refused this user or password",
        "3D000" => "the server has no database of this name; let its owner create it",
        "42501" => "this user may not do that in the database; packaging/postgres/roles.sql shows what it needs",
        "53300" => "the server has no free connection; close others, or raise its max_connections",
        "57P01" | "57P02" | "57P03" => "the database is stopping or starting; try again when it runs",
        "25006" => "the database may only be read: it is a standby, or set to read-only; name the primary",
        "3F000" => "the database has no schema of the name that its URL gives; let its owner create it",
        "53100" => "the database's disk is full; make room and run again, nothing is half done",
        _ => return None,
    })
}

fn of_text(text: &str) -> String {
    if text.contains("database is locked") {
        "the database is in use by another process; try again when it has finished".to_owned()
    } else if text.contains("disk is full") {
        "the disk is full; make room and run again, nothing is half done".to_owned()
    } else if text.contains("readonly database") {
        "the database may not be written to; check the permissions of the data folder".to_owned()
    } else {
        text.to_owned()
    }
}

/// Two transactions waited for each other, or one saw what another changed: the same again will do.
pub(in crate::store) fn is_collision(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|c| c == "40P01" || c == "40001")
}
