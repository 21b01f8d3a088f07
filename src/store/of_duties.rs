//! The envelopes of some duties of a child. What met its other duties lies years behind and is left there: a look at a
//! child costs what is owed now, not what was sent.

use sqlx::{Any, Arguments, AssertSqlSafe, any::AnyArguments};

use super::{
    DispatchRow, Doing, Store, StoreError,
    dispatches::{COLUMNS, read_row},
};
use crate::{case::ChildId, due::ObligationKind};

/// A duty of a child: its kind, anchor and revision.
pub type DutyOf<'a> = (ObligationKind, &'a str, u32);

/// A condition on the rows `p` of `dispatch_part`, and what it binds: the child, then each duty.
pub(super) struct OfDuties {
    pub(super) condition: String,
    pub(super) arguments: AnyArguments,
}

impl OfDuties {
    pub(super) fn new(child_id: &ChildId, duties: &[DutyOf<'_>]) -> Self {
        let mut arguments = AnyArguments::default();
        bind(&mut arguments, child_id.as_str());
        let one = |(i, (kind, anchor, revision)): (usize, DutyOf<'_>)| {
            bind(&mut arguments, kind.as_str());
            bind(&mut arguments, anchor);
            bind(&mut arguments, i64::from(revision));
            let place = 2 + 3 * i;
            // The child stands in each of them, so that each is one step into the index.
            format!(
                "(p.child_id = $1 AND p.obligation = ${place} AND p.anchor = ${} AND p.revision = ${})",
                place + 1,
                place + 2
            )
        };
        let conditions: Vec<String> = duties.iter().copied().enumerate().map(one).collect();
        let condition = if conditions.is_empty() { "1 = 0".to_owned() } else { conditions.join(" OR ") };
        Self { condition, arguments }
    }
}

fn bind<'q, T: sqlx::Encode<'q, Any> + sqlx::Type<Any>>(arguments: &mut AnyArguments, value: T) {
    arguments.add(value).expect("texts and numbers are encoded without fail");
}

impl Store {
    /// A child's envelopes that have not left, whatever they are for, and all envelopes of these duties, oldest first.
    /// `asked_for` adds what a person asked for by hand.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn dispatches_for(
        &self,
        child_id: &ChildId,
        duties: &[DutyOf<'_>],
        asked_for: bool,
    ) -> Result<Vec<DispatchRow>, StoreError> {
        const WAITS: &str = "('queued', 'held', 'withheld')";
        let OfDuties { condition, arguments } = OfDuties::new(child_id, duties);
        let by_hand = format!(" OR (p.child_id = $1 AND p.obligation = '{}')", ObligationKind::OnRequest);
        let sql = format!(
            "SELECT {COLUMNS} FROM dispatch WHERE child_id = $1 AND state IN {WAITS}
             UNION ALL
             SELECT {COLUMNS} FROM dispatch WHERE state NOT IN {WAITS} AND dispatch_id IN
                (SELECT p.dispatch_id FROM dispatch_part p WHERE {condition}{})
             ORDER BY dispatch_id",
            if asked_for { &by_hand } else { "" }
        );
        let rows = sqlx::query_with(AssertSqlSafe(sql), arguments)
            .fetch_all(&self.pool)
            .await
            .doing("reading a child's envelopes")?;
        rows.iter().map(read_row).collect()
    }
}
