//! The envelopes of some duties of a child. What met its other duties lies years behind and is left there: a look at a
//! child costs what is owed now, not what was sent.

use super::dispatches::{COLUMNS, read_row};
use crate::{
    case::ChildId,
    due::ObligationKind,
    store::{DispatchRow, Doing, StoreError, database::bulk_query::Many, outbox::Outbox},
};

/// A duty of a child: its kind, anchor and revision.
pub type DutyOf<'a> = (ObligationKind, &'a str, u32);

/// That a row `p` of `dispatch_part` belongs to one of these duties.
pub(in crate::store) fn push_is_of(many: &mut Many, duties: &[DutyOf<'_>]) {
    if duties.is_empty() {
        many.push("1 = 0");
        return;
    }
    // One list, however many there are: from eight alternatives on SQLite would rather read the whole table.
    many.push("(p.obligation, p.anchor, p.revision) IN (VALUES ");
    for (n, (kind, anchor, revision)) in duties.iter().enumerate() {
        many.push(if n == 0 { "(" } else { ", (" }).push_bind(kind.as_str()).push(", ").push_bind(*anchor);
        // Beside no column a place has no type of its own, and PostgreSQL takes it for a text.
        many.push(", CAST(").push_bind(i64::from(*revision)).push(" AS BIGINT))");
    }
    many.push(")");
}

impl Outbox<'_> {
    /// A child's envelopes that have not left, whatever they are for, and all envelopes of these duties, oldest first.
    /// `asked_for` adds what a person asked for by hand.
    pub async fn dispatches_for(
        self,
        child_id: &ChildId,
        duties: &[DutyOf<'_>],
        asked_for: bool,
    ) -> Result<Vec<DispatchRow>, StoreError> {
        const WAITS: &str = "('queued', 'held', 'withheld')";
        let mut many = Many::new(self.store.dialect, format!("SELECT {COLUMNS} FROM dispatch WHERE child_id = "));
        many.push_bind(child_id.as_str());
        many.push(&format!(
            " AND state IN {WAITS} UNION ALL SELECT {COLUMNS} FROM dispatch WHERE state NOT IN {WAITS}
             AND dispatch_id IN (SELECT p.dispatch_id FROM dispatch_part p WHERE p.child_id = "
        ));
        many.push_bind(child_id.as_str()).push(" AND (");
        push_is_of(&mut many, duties);
        if asked_for {
            many.push(" OR p.obligation = ").push_bind(ObligationKind::OnRequest.as_str());
        }
        many.push("))");
        let rows = many.build().fetch_all(&self.store.pool).await.doing("reading a child's envelopes")?;
        let mut rows = rows.iter().map(read_row).collect::<Result<Vec<_>, _>>()?;
        rows.sort_by(|a, b| a.dispatch_id.cmp(&b.dispatch_id));
        Ok(rows)
    }
}
