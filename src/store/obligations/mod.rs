//! Obligations as rows: reconciled with what is computed, met by what left.

pub(super) mod queries;
pub(super) mod fulfilment;
pub(super) mod reconcile;
