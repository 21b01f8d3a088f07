//! Printed is not sent: until a person says that a letter was mailed or given, the gate looks again at each tick.

use crate::pipeline::print::PrintRoom;

impl PrintRoom {
    /// Asks the gate again for every letter that lies in the print folder. What it refuses now goes on the pull
    /// list, what it lets go again comes off. Gives the length of the list.
    pub async fn review_printed(&self) -> anyhow::Result<usize> {
        self.pipeline.intake().review_printed().await
    }
}
