//! What a person can do next, one variant an act.

use super::Field;

/// What a hint is about, as it stands in a token; nothing where it is not known.
pub(super) trait Argument: Sized {
    fn write(&self) -> Option<String>;
    fn read(written: Option<String>) -> Option<Self>;
    /// The values to try, made of a word where they are free.
    #[cfg(test)]
    fn samples(word: &str) -> Vec<Self>;
}

impl Argument for Option<String> {
    fn write(&self) -> Option<String> {
        self.clone()
    }

    fn read(written: Option<String>) -> Option<Self> {
        Some(written)
    }

    #[cfg(test)]
    fn samples(word: &str) -> Vec<Self> {
        vec![Some(word.to_owned()), None]
    }
}

impl Argument for bool {
    fn write(&self) -> Option<String> {
        self.then(|| "yes".to_owned())
    }

    fn read(written: Option<String>) -> Option<Self> {
        match written.as_deref() {
            None => Some(false),
            Some("yes") => Some(true),
            Some(_) => None,
        }
    }

    #[cfg(test)]
    fn samples(_: &str) -> Vec<Self> {
        vec![true, false]
    }
}

macro_rules! next_steps {
    ($($(#[$doc:meta])* $code:literal => $variant:ident $({ $($field:ident: $type:ty),+ })?;)+) => {
        /// A next step. What is not known where the text is made is `None`; the reader fills it in.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Hint { $($(#[$doc])* $variant $({ $($field: $type),+ })?,)+ }

        impl Hint {
            /// The stable code, which is kept in stored texts.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)+ }
            }

            pub(super) fn arguments(&self) -> Vec<Option<String>> {
                match self { $(Self::$variant $({ $($field),+ })? => vec![$($($field.write()),+)?],)+ }
            }

            /// The hint with this code; nothing where there is none that takes these arguments.
            pub(super) fn of(code: &str, arguments: &[Option<String>]) -> Option<Self> {
                let mut given = arguments.iter().cloned();
                let hint = match code {
                    // A token leaves out what is unknown at its end.
                    $($code => Self::$variant $({ $($field: Argument::read(given.next().flatten())?),+ })?,)+
                    _ => return None,
                };
                given.next().is_none().then_some(hint)
            }

            /// Every hint, once with each of the values that its arguments can be tried with.
            #[cfg(test)]
            pub(crate) fn samples(word: &str) -> Vec<Self> {
                let mut all = Vec::new();
                $(
                    $($(let mut $field: std::collections::VecDeque<$type> = Argument::samples(word).into();)+)?
                    loop {
                        all.push(Self::$variant $({ $($field: $field[0].clone()),+ })?);
                        let more = [$($($field.len() > 1),+)?].contains(&true);
                        if !more {
                            break;
                        }
                        $($(if $field.len() > 1 { $field.pop_front(); })+)?
                    }
                )+
                all
            }
        }
    };
}

next_steps! {
    // What is sent.
    "show-dispatch" => ShowDispatch { dispatch: Option<String> };
    "send" => Send;
    /// Send a letter with a paper on file behind it.
    "send-enclosed" => SendEnclosed;
    "resend" => Resend { dispatch: Option<String>, another_way: bool };
    "regenerate" => Regenerate { dispatch: Option<String> };
    /// Say what became of an unknown outcome.
    "resolve" => Resolve { dispatch: Option<String> };
    "run" => Run;
    "make-plan" => MakePlan;
    "show-plan" => ShowPlan { plan: Option<String> };
    "approve-plan" => ApprovePlan { plan: Option<String>, line: Option<String> };
    "finish-trial" => FinishTrial;

    // The mail room.
    "make-handover" => MakeHandover { dispatch: Option<String> };
    "mark-given" => MarkGiven { dispatch: Option<String> };
    "mark-mailed" => MarkMailed { dispatch: Option<String> };
    "mark-pulled" => MarkPulled { dispatch: Option<String> };
    "list-batches" => ListBatches;
    "print-letter" => PrintLetter { dispatch: Option<String> };
    "show-passphrase" => ShowPassphrase;
    "note-passphrase" => NotePassphrase;
    "receive" => Receive;
    "list-received" => ListReceived;

    // What waits.
    "list-tasks" => ListTasks;
    "close-task" => CloseTask;
    "show-status" => ShowStatus;
    "find-child" => FindChild;
    /// Open the record of a child that one does not serve, with a reason.
    "open-with-reason" => OpenWithReason { child: Option<String> };
    "list-channels" => ListChannels;
    "explain-child" => ExplainChild { child: Option<String> };

    // What is recorded.
    "lift-hold" => LiftHold;
    "lift-recipient-hold" => LiftRecipientHold;
    "lift-dispatch-hold" => LiftDispatchHold { dispatch: Option<String> };
    /// Accept a database that came from elsewhere or is older than what was seen.
    "accept-installation" => AcceptInstallation;
    "revoke-release" => RevokeRelease { child: Option<String>, release: Option<String> };
    "keep-release" => KeepRelease { child: Option<String>, release: Option<String> };
    "verify-address" => VerifyAddress { child: Option<String>, endpoint: Option<String> };
    "record-objection" => RecordObjection;
    /// Say whether an objection counts that came late.
    "decide-late-objection" => DecideLateObjection;
    "record-order" => RecordOrder;
    /// Say what an order that is on file does.
    "record-order-effect" => RecordOrderEffect;
    /// Say whether a parent was told of an emergency.
    "record-emergency-telling" => RecordEmergencyTelling;
    "record-name" => RecordName { dispatch: Option<String> };
    "record-oral-translation" => RecordOralTranslation { dispatch: Option<String> };
    "record-official-form" => RecordOfficialForm { dispatch: Option<String> };
    /// Take in an official form that is not on file yet.
    "take-in-official-form" => TakeInOfficialForm { dispatch: Option<String> };
    "record-not-feasible" => RecordNotFeasible { dispatch: Option<String> };
    "list-filed" => ListFiled { child: Option<String> };
    "withdraw-filed" => WithdrawFiled;

    // The record of access.
    "report-access" => ReportAccess { child: Option<String>, person: Option<String> };
    "verify-ledger" => VerifyLedger;
    "show-ledger-key" => ShowLedgerKey;
    "close-request" => CloseRequest;
    "write-incident-letter" => WriteIncidentLetter;
    "close-incident" => CloseIncident;
    "write-retention-notice" => WriteRetentionNotice { child: Option<String> };
    "lift-legal-hold" => LiftLegalHold { child: Option<String> };

    // The operator.
    "run-doctor" => RunDoctor;
    "check-caseload" => CheckCaseload;
    "check-templates" => CheckTemplates;
    "export-templates" => ExportTemplates;
    "show-schema" => ShowSchema;
    /// The fields that a template is given.
    "show-view-schema" => ShowViewSchema { kind: Option<String> };
    "make-program" => MakeProgram;
    "serve" => Serve;
    "list-schedules" => ListSchedules;
    "show-schedule" => ShowSchedule { schedule: Option<String> };
    "run-schedule" => RunSchedule { schedule: Option<String> };
    "skip-schedule" => SkipSchedule { schedule: Option<String> };
    "believe-clock" => BelieveClock;
    "resume-channel" => ResumeChannel { channel: Option<String> };
    "resume-address" => ResumeAddress { endpoint: Option<String> };
    "back-up" => BackUp;
    "migrate-store" => MigrateStore;

    /// Fill in or check a field of what was asked for.
    "fill-in" => FillIn { field: Field };
}
