//! Makes the classifier's tables of `data/`, so that a function that starts parses neither lexicon nor model.

#![expect(dead_code, reason = "the crate reads what is only written here")]

#[path = "src/classify/feature_key.rs"]
mod feature_key;
#[path = "src/classify/fingerprint.rs"]
mod fingerprint;
#[path = "src/classify/making/mod.rs"]
mod making;
#[path = "src/classify/phrases.rs"]
mod phrases;
#[path = "src/classify/table.rs"]
mod table;
#[path = "src/classify/words.rs"]
mod words;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use making::{Phrases, Weights, WrongLine};

const MODEL: &str = "data/model.tsv";
const LEXICON: &str = "data/lexicon.json";

fn main() -> Result<(), Box<dyn Error>> {
    for read in ["build.rs", "src/classify", MODEL, LEXICON] {
        println!("cargo::rerun-if-changed={read}");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    model(&out)?;
    lexicon(&out)
}

fn model(out: &Path) -> Result<(), Box<dyn Error>> {
    let file = fs::read_to_string(MODEL)?;
    let weights = Weights::read(&file)
        .map_err(|WrongLine(number)| format!("{MODEL}: line {number} is wrong (0: there are too many)"))?;
    fs::write(out.join("model.settings"), &weights.settings)?;
    fs::write(out.join("model.texts"), &weights.texts)?;
    keep(out, "model", &weights.table.slots, &weights.table.entries)
}

fn lexicon(out: &Path) -> Result<(), Box<dyn Error>> {
    let mut file: Value = serde_json::from_str(&fs::read_to_string(LEXICON)?)?;
    let concepts = file["concepts"].as_array_mut().ok_or("the lexicon has no concepts")?;
    let taken: Vec<Value> = concepts.iter_mut().map(|concept| concept["phrases"].take()).collect();
    let of = |phrases: &Value| phrases.as_array().cloned().unwrap_or_default();
    let texts: Vec<Vec<Value>> = taken.iter().map(of).collect();
    let phrases = texts.iter().map(|phrases| phrases.iter().filter_map(Value::as_str));
    let phrases = Phrases::new(phrases).map_err(|_| format!("{LEXICON} is too large for its tables"))?;
    for concept in concepts {
        concept.as_object_mut().ok_or("a concept is no object")?.remove("phrases");
    }
    fs::write(out.join("lexicon.json"), file.to_string())?;
    fs::write(out.join("lexicon.texts"), &phrases.texts)?;
    keep(out, "lexicon.words", &phrases.words.slots, &phrases.words.entries)?;
    keep(out, "lexicon.stems", &phrases.stems.slots, &phrases.stems.entries)
}

fn keep(out: &Path, name: &str, slots: &[u8], entries: &[u8]) -> Result<(), Box<dyn Error>> {
    fs::write(out.join(format!("{name}.slots")), slots)?;
    fs::write(out.join(format!("{name}.entries")), entries)?;
    Ok(())
}
