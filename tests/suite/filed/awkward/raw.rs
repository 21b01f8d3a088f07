//! A PDF written by hand, so that it can be wrong in any way.

use std::collections::BTreeMap;

/// One page of US letter: its objects 1 to 5 are the catalog, the pages, the page, its drawing and Helvetica.
#[derive(Clone)]
pub struct Raw {
    pub version: String,
    pub catalog: String,
    pub pages: String,
    pub page: String,
    pub resources: String,
    pub drawing: String,
    pub more: Vec<(u32, Vec<u8>)>,
    pub trailer: String,
}

impl Raw {
    pub fn drawing(drawing: &str) -> Self {
        Self {
            version: "1.7".to_owned(),
            catalog: String::new(),
            pages: "/Kids[3 0 R]/Count 1".to_owned(),
            page: "/Parent 2 0 R/MediaBox[0 0 612 792]".to_owned(),
            resources: String::new(),
            drawing: drawing.to_owned(),
            more: Vec::new(),
            trailer: String::new(),
        }
    }

    /// A line about Maya, and more.
    pub fn report(more: &str) -> Self {
        Self::drawing(&format!(
            "{}{more}",
            line(700, "Evaluation of Maya Rivera, program number 26-0417, by Bayside Therapy.")
        ))
    }

    pub fn catalog(mut self, more: &str) -> Self {
        self.catalog += more;
        self
    }

    pub fn page(mut self, more: &str) -> Self {
        self.page += more;
        self
    }

    pub fn resources(mut self, more: &str) -> Self {
        self.resources += more;
        self
    }

    pub fn trailer(mut self, more: &str) -> Self {
        self.trailer += more;
        self
    }

    pub fn with(mut self, number: u32, object: impl Into<Vec<u8>>) -> Self {
        self.more.push((number, object.into()));
        self
    }

    fn objects(&self) -> BTreeMap<u32, Vec<u8>> {
        let mut objects = BTreeMap::from([
            (1, format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog).into_bytes()),
            (2, format!("<</Type/Pages{}>>", self.pages).into_bytes()),
            (
                3,
                format!("<</Type/Page/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>{}>>{}>>", self.resources, self.page)
                    .into_bytes(),
            ),
            (4, stream("", self.drawing.as_bytes())),
            (5, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec()),
        ]);
        objects.extend(self.more.iter().cloned());
        objects
    }

    pub fn written(&self) -> Vec<u8> {
        let mut out = format!("%PDF-{}\n%\u{e2}\u{e3}\n", self.version).into_bytes();
        let objects = self.objects();
        let mut table = vec!["0000000000 65535 f \n".to_owned()];
        for (number, object) in &objects {
            let number = usize::try_from(*number).unwrap();
            table.resize(table.len().max(number + 1), "0000000000 00000 f \n".to_owned());
            table[number] = format!("{:010} 00000 n \n", out.len());
            out.extend(format!("{number} 0 obj\n").into_bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let place = out.len();
        out.extend(format!("xref\n0 {}\n{}", table.len(), table.concat()).into_bytes());
        out.extend(format!("trailer\n<</Size {}/Root 1 0 R{}>>\n", table.len(), self.trailer).into_bytes());
        out.extend(format!("startxref\n{place}\n%%EOF\n").into_bytes());
        out
    }
}

pub fn stream(dict: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dict}/Length {}>>\nstream\n", bytes.len()).into_bytes();
    out.extend(bytes);
    out.extend(b"\nendstream");
    out
}

/// A line of text at a height.
pub fn line(y: i32, text: &str) -> String {
    format!("BT /F1 12 Tf 72 {y} Td ({text}) Tj ET\n")
}
