//! Letters as they were drawn: what each is, where it stands, in which direction its line runs.

use kurbo::{Point, Vec2};

/// One sign as it was drawn.
pub(super) struct Sign {
    /// What it is; nothing where nobody can say.
    pub(super) text: String,
    pub(super) at: Point,
    /// Where the next one would stand.
    pub(super) end: Point,
    /// How high its line is.
    pub(super) size: f64,
}

impl Sign {
    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// The direction of its line, in steps of five degrees.
    pub(super) fn direction(&self) -> i64 {
        let along = self.end - self.at;
        if along.hypot() < 1e-6 {
            return 0;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a direction has 72 steps")]
        let step = (along.atan2().to_degrees() / 5.0).round() as i64;
        step.rem_euclid(72)
    }

    /// Where it begins and ends along a line that runs so, and how far above.
    pub(super) fn along(&self, direction: i64) -> Along<'_> {
        #[expect(clippy::cast_precision_loss, reason = "a direction has 72 steps")]
        let line = Vec2::from_angle((direction as f64 * 5.0).to_radians());
        let above = Vec2::new(-line.y, line.x);
        Along {
            sign: self,
            from: self.at.to_vec2().dot(line),
            to: self.end.to_vec2().dot(line),
            height: self.at.to_vec2().dot(above),
        }
    }
}

/// A sign in its line.
#[derive(Clone, Copy)]
pub(super) struct Along<'s> {
    pub(super) sign: &'s Sign,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) height: f64,
}
