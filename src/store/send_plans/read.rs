//! Reading plans, and the children that one has to look at.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use super::lines::{APPROVED, COLUMNS, PlanChanges, PlanCount, PlanLineRow, PlanRow, ToLook, outbox, read_line};
use crate::{
    case::ChildId,
    dispatch::Envelope,
    store::{Doing, StoreError, database::bulk_query::Many, send_plans::SendPlans},
};

impl SendPlans<'_> {
    /// A plan.
    ///
    /// # Errors
    /// When there is none with this number, or the database refuses.
    pub async fn plan(self, plan_id: i64) -> Result<PlanRow, StoreError> {
        let row: Option<(String, String, String, String, String, i64)> =
            sqlx::query_as("SELECT scope, as_of, until, made_at, made_by, looked FROM plan WHERE plan_id = $1")
                .bind(plan_id)
                .fetch_optional(&self.store.pool)
                .await
                .doing("reading a plan")?;
        let (scope, as_of, until, made_at, made_by, looked) =
            row.ok_or_else(|| StoreError::NotFound { what: "plan", id: plan_id.to_string() })?;
        Ok(PlanRow { plan_id, scope, as_of, until, made_at, made_by, looked })
    }

    /// The finished plan of this scope before a plan.
    pub async fn plan_before(self, scope: &str, plan_id: i64) -> Result<Option<i64>, StoreError> {
        let (before,): (Option<i64>,) = sqlx::query_as(
            "SELECT MAX(plan_id) FROM plan WHERE scope = $1 AND plan_id < $2 AND finished_at IS NOT NULL",
        )
        .bind(scope)
        .bind(plan_id)
        .fetch_one(&self.store.pool)
        .await
        .doing("reading a plan")?;
        Ok(before)
    }

    /// A page of the children whose look is out of date on `day`: another record, another recorded fact, another
    /// world (directory, program, templates, channels), or a day on which something changes by itself.
    pub async fn children_to_look(
        self,
        after: &str,
        world: &str,
        day: NaiveDate,
        limit: i64,
    ) -> Result<Vec<ToLook>, StoreError> {
        let ids: Vec<(String,)> = sqlx::query_as(
            "SELECT c.child_id FROM child c LEFT JOIN child_look k ON k.child_id = c.child_id
             WHERE c.child_id > $1 AND (k.child_id IS NULL OR k.record_hash <> c.record_hash OR k.world_hash <> $2
                OR k.next_change_on <= $3 OR k.looked_on > $3
                OR k.last_fact <> COALESCE((SELECT MAX(facts.fact_id) FROM
                    (SELECT fact_id FROM fact WHERE fact.child_id = c.child_id UNION ALL SELECT fact_id FROM office_fact) facts), ''))
             ORDER BY c.child_id LIMIT $4",
        )
        .bind(after)
        .bind(world)
        .bind(day.to_string())
        .bind(limit)
        .fetch_all(&self.store.pool)
        .await
        .doing("looking for changed children")?;
        self.look_at(&ids.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
    }

    /// Records and recorded facts of these children.
    pub async fn look_at(self, ids: &[String]) -> Result<Vec<ToLook>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // By their ids, which sort by time: what was recorded about an office's address counts for every child.
        let offices: Vec<(String, String, String, String)> =
            sqlx::query_as("SELECT fact_id, body, recorded_at, recorded_by FROM office_fact")
                .fetch_all(&self.store.pool)
                .await
                .doing("reading what was recorded")?;
        let offices: BTreeMap<_, _> = offices.into_iter().map(|(id, body, at, by)| (id, (body, at, by))).collect();
        let mut facts: HashMap<String, BTreeMap<String, (String, String, String)>> = HashMap::new();
        let mut query = Many::new(
            self.store.dialect,
            "SELECT child_id, fact_id, body, recorded_at, recorded_by FROM fact WHERE child_id IN (",
        );
        let mut ids_in = query.separated();
        for id in ids {
            ids_in.push_bind(id.clone());
        }
        query.push(")");
        let rows: Vec<(String, String, String, String, String)> =
            query.build_query_as().fetch_all(&self.store.pool).await.doing("reading what was recorded")?;
        for (child_id, fact_id, body, at, by) in rows {
            facts.entry(child_id).or_insert_with(|| offices.clone()).insert(fact_id, (body, at, by));
        }
        let mut query =
            Many::new(self.store.dialect, "SELECT child_id, record, record_hash FROM child WHERE child_id IN (");
        let mut ids_in = query.separated();
        for id in ids {
            ids_in.push_bind(id.clone());
        }
        query.push(") ORDER BY child_id");
        let rows: Vec<(String, String, String)> =
            query.build_query_as().fetch_all(&self.store.pool).await.doing("reading records")?;
        rows.into_iter()
            .map(|(id, text, record_hash)| {
                let facts = facts.remove(&id).unwrap_or_else(|| offices.clone());
                let last_fact = facts.keys().next_back().cloned().unwrap_or_default();
                let facts = facts.into_values().collect();
                let child_id = ChildId::parse(&*id).map_err(|_| StoreError::Inconsistent {
                    table: "child",
                    column: "child_id",
                    id,
                })?;
                Ok(ToLook { child_id, last_fact, record_hash, text, facts })
            })
            .collect()
    }

    /// A page of a plan's lines, by child and due day, after a line of the page before.
    pub async fn plan_lines(
        self,
        plan: &PlanRow,
        after: Option<&PlanLineRow>,
        limit: i64,
    ) -> Result<Vec<PlanLineRow>, StoreError> {
        let lines =
            lines_of_a_plan("AND child_id >= $3 AND (child_id > $3 OR line > $4) ORDER BY child_id, line LIMIT $5");
        let outbox = outbox();
        let sql = format!(
            "SELECT {COLUMNS}, d.state, {APPROVED} AS approved_by FROM {lines} l {outbox}
             ORDER BY l.child_id, l.line LIMIT $5"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&plan.scope)
            .bind(plan.plan_id)
            .bind(after.map_or("", |line| line.planned.envelope.child_id.as_str()))
            .bind(after.map_or(0, |line| line.line))
            .bind(limit)
            .fetch_all(&self.store.pool)
            .await
            .doing("reading a plan")?;
        rows.iter().map(read_line).collect()
    }

    /// What changed in a scope after one plan, up to another.
    pub async fn plan_changes(self, plan: &PlanRow, before: i64) -> Result<PlanChanges, StoreError> {
        let (mut changes, outbox) = (PlanChanges::default(), outbox());
        for (condition, into) in [
            // What came and went between the two is no change.
            ("l.from_plan > $2 AND l.from_plan <= $3 AND (l.gone_in IS NULL OR l.gone_in > $3)", &mut changes.came),
            ("l.gone_in > $2 AND l.gone_in <= $3 AND l.from_plan <= $2", &mut changes.went),
        ] {
            let sql = format!(
                "SELECT {COLUMNS}, d.state, {APPROVED} AS approved_by FROM plan_line l {outbox} WHERE l.scope = $1 AND {condition} ORDER BY l.child_id, l.line LIMIT 2000"
            );
            let rows = sqlx::query(AssertSqlSafe(sql))
                .bind(&plan.scope)
                .bind(before)
                .bind(plan.plan_id)
                .fetch_all(&self.store.pool)
                .await
                .doing("comparing two plans")?;
            *into = rows.iter().map(read_line).collect::<Result<_, _>>()?;
        }
        Ok(changes)
    }

    /// How many lines of a plan there are of each kind.
    pub async fn plan_counts(self, plan: &PlanRow) -> Result<Vec<PlanCount>, StoreError> {
        let (lines, outbox) = (lines_of_a_plan(""), outbox());
        let sql = format!(
            "SELECT l.verdict, CASE WHEN l.release_rule = 'approve' AND {APPROVED} IS NULL THEN 1 ELSE 0 END AS unreleased,
                d.state, COUNT(*) FROM {lines} l {outbox} GROUP BY 1, 2, 3"
        );
        let rows: Vec<(String, i64, Option<String>, i64)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(&plan.scope)
            .bind(plan.plan_id)
            .fetch_all(&self.store.pool)
            .await
            .doing("counting a plan's lines")?;
        Ok(rows
            .into_iter()
            .map(|(verdict, unreleased, state, count)| PlanCount { verdict, unreleased: unreleased != 0, state, count })
            .collect())
    }

    /// Who released this envelope on exactly these facts.
    pub async fn approved_by(self, envelope: &Envelope, facts_hash: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT approved_by FROM approval WHERE child_id = $1 AND obligation = $2 AND anchor = $3 AND revision = $4
             AND recipient = $5 AND facts_hash = $6 ORDER BY approval_id LIMIT 1",
        )
        .bind(envelope.child_id.as_str())
        .bind(envelope.obligation.as_str())
        .bind(&envelope.anchor)
        .bind(i64::from(envelope.revision))
        .bind(envelope.recipient.to_string())
        .bind(facts_hash)
        .fetch_optional(&self.store.pool)
        .await
        .doing("looking for a release")?;
        Ok(row.map(|(by,)| by))
    }
}

/// The lines of the plan `$2` in the scope `$1`: those that stand, and beside them those that a later plan closed, so that
/// neither question reads what was closed before. Most lines are of an earlier plan: `+ 0` says that this finds nothing.
fn lines_of_a_plan(and: &str) -> String {
    let lines = |stand: &str| {
        format!(
            "SELECT * FROM (SELECT * FROM plan_line WHERE {stand} AND scope = $1 AND from_plan + 0 <= $2 {and}) part"
        )
    };
    format!("({} UNION ALL {})", lines("gone_in IS NULL"), lines("gone_in > $2"))
}
