//! Staff sheets: kept under the program's key for a few days, for the person whose sheet it is. They are no disclosure and
//! leave no trace in the record of access.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    clock::instant_text,
    store::{Doing, StoreError, Write, keys::encryption, service::ServiceState},
};

/// What the key of staff sheets is derived for.
const PURPOSE: &str = "staff-sheet";

impl ServiceState<'_> {
    /// Keeps a person's sheet of a week until a day, in place of an earlier one, and forgets every sheet whose days are
    /// over.
    pub async fn keep_staff_sheet(
        self,
        (staff, week): (&str, &str),
        sheet: &[u8],
        (day, kept_until): (NaiveDate, NaiveDate),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sealed = encryption::seal(&self.store.key.derived(PURPOSE), &bound(staff, week), sheet);
        let mut write = self.store.write().await?;
        sqlx::query("DELETE FROM staff_sheet WHERE kept_until < $1 OR (staff = $2 AND week = $3)")
            .bind(day.to_string())
            .bind(staff)
            .bind(week)
            .execute(&mut *write.tx)
            .await
            .doing("forgetting staff sheets")?;
        sqlx::query("INSERT INTO staff_sheet (staff, week, made_at, kept_until, sealed) VALUES ($1, $2, $3, $4, $5)")
            .bind(staff)
            .bind(week)
            .bind(instant_text(now))
            .bind(kept_until.to_string())
            .bind(sealed)
            .execute(&mut *write.tx)
            .await
            .doing("keeping a staff sheet")?;
        write.commit().await
    }

    /// The sheets that are kept on a day: whose, of which week, and what stands on them. One that does not open under
    /// the program's present key is left out: it is made anew.
    pub async fn staff_sheets(self, day: NaiveDate) -> Result<Vec<(String, String, Vec<u8>)>, StoreError> {
        let rows: Vec<(String, String, Vec<u8>)> =
            sqlx::query_as("SELECT staff, week, sealed FROM staff_sheet WHERE kept_until >= $1 ORDER BY week, staff")
                .bind(day.to_string())
                .fetch_all(&self.store.pool)
                .await
                .doing("reading staff sheets")?;
        let key = self.store.key.derived(PURPOSE);
        let opened = |(staff, week, sealed): (String, String, Vec<u8>)| {
            let sheet = encryption::open(&key, &bound(&staff, &week), &sealed).ok()?;
            Some((staff, week, sheet))
        };
        Ok(rows.into_iter().filter_map(opened).collect())
    }
}

/// Under another key no sheet opens any more, and each can be made anew.
pub(in crate::store) async fn forget_all(write: &mut Write) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM staff_sheet").execute(&mut *write.tx).await.doing("forgetting staff sheets")?;
    Ok(())
}

fn bound(staff: &str, week: &str) -> String {
    format!("staff-sheet/{staff}/{week}")
}
