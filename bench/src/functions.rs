//! One process of each function: its start, its memory, and what an invocation costs it.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::cases::{Case, Load};
use crate::platform::{Function, Platform};
use crate::report::Section;

/// Invocations after which a process is warm.
const WARM_UP: usize = 50;

/// Objects that the functions write are forgotten so often, so that the harness does not grow with them.
const FORGET_EVERY: usize = 100;

/// Measures processes started from the binaries of a folder.
pub(crate) struct Functions<'a> {
    /// The services they call.
    platform: Platform,
    /// Where the executables are.
    folder: &'a Path,
}

impl<'a> Functions<'a> {
    /// Those of `folder`, with services of their own.
    pub(crate) async fn new(folder: &'a Path) -> io::Result<Self> {
        Ok(Self { platform: Platform::start().await?, folder })
    }

    async fn start(&self, case: Case) -> io::Result<Function> {
        self.platform.function(&self.folder.join(case.binary()), &case.variables(&self.platform)).await
    }

    /// One invocation; an answer that shows no work done is an error.
    async fn invoke(
        &self,
        function: &mut Function,
        case: Case,
        load: Load,
    ) -> io::Result<(Duration, Duration)> {
        let event = case.event(&self.platform.services, load);
        let reply = function.invoke(event).await?;
        if case.is_done(&reply.body) {
            return Ok((reply.since_start, reply.cpu));
        }
        let answer = String::from_utf8_lossy(&reply.body).into_owned();
        Err(io::Error::other(format!("{} did not do its work: {answer}", case.name())))
    }

    /// Processor time of each of `count` invocations, on average.
    async fn cost(
        &self,
        function: &mut Function,
        case: Case,
        load: Load,
        count: usize,
    ) -> io::Result<Duration> {
        let before = function.cpu();
        for number in 0..count {
            self.invoke(function, case, load).await?;
            if number % FORGET_EVERY == FORGET_EVERY - 1 {
                self.forget();
            }
        }
        Ok(function.cpu().saturating_sub(before) / u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn forget(&self) {
        self.platform.services.forget("conversation");
    }

    /// `spawns` starts of each function, in turn.
    pub(crate) async fn cold_starts(&self, spawns: usize) -> io::Result<Vec<Section>> {
        let title = |what: &str| format!("cold start: {what}");
        let init_goal = "init ≤ 2 × the control's";
        let cpu_goal = "init and first answer ≤ 8 ms of CPU";
        let mut init =
            Section::new(title("spawn until the first event is asked for"), "ms", init_goal).with_control();
        let mut first = Section::new(title("spawn until the first useful answer"), "ms", "").with_control();
        let mut init_cpu =
            Section::new(title("CPU until the first event is asked for"), "ms", init_goal).with_control();
        let mut cpu = Section::new(title("CPU until the first useful answer"), "ms", cpu_goal).with_control();
        for _ in 0..spawns {
            for case in all() {
                let mut function = self.start(case).await?;
                let (answered, used) = self.invoke(&mut function, case, Load::USUAL).await?;
                init.add(case.name(), milliseconds(function.init));
                init_cpu.add(case.name(), milliseconds(function.init_cpu));
                first.add(case.name(), milliseconds(answered));
                cpu.add(case.name(), milliseconds(used));
            }
            self.forget();
        }
        Ok(vec![init, first, init_cpu, cpu])
    }

    /// Processor time of one warm invocation: `rounds` averages over `count` each, the functions in turn.
    pub(crate) async fn warm(&self, rounds: usize, count: usize) -> io::Result<Section> {
        let goal = "≤ 1000 µs for the gateway";
        let mut section = Section::new("CPU of one warm invocation", "µs", goal).with_control();
        let mut warm = Vec::new();
        for case in all() {
            let mut function = self.start(case).await?;
            self.cost(&mut function, case, Load::USUAL, WARM_UP).await?;
            warm.push((case, function));
        }
        for _ in 0..rounds {
            for (case, function) in &mut warm {
                section.add(case.name(), microseconds(self.cost(function, *case, Load::USUAL, count).await?));
            }
        }
        Ok(section)
    }

    /// Memory after so many invocations, which are increasing numbers.
    pub(crate) async fn memory(&self, after: &[u32]) -> io::Result<Section> {
        let goal = "≤ 15 MB after 2,000 invocations, and flat";
        let mut section = Section::new("peak resident memory", "MB", goal);
        for case in all() {
            let mut function = self.start(case).await?;
            let mut done = 0;
            for &invocations in after {
                self.cost(&mut function, case, Load::USUAL, (invocations - done) as usize).await?;
                done = invocations;
                section.add(&format!("{}, after {done}", case.name()), megabytes(function.memory().peak));
                let now = format!("{}, after {done}, then", case.name());
                section.add(&now, megabytes(function.memory().now));
            }
        }
        Ok(section)
    }

    /// What one message costs as batches, answers and the number of stored conversations grow.
    pub(crate) async fn growth(&self, count: usize, stored: &[usize]) -> io::Result<Vec<Section>> {
        let usual = Load::USUAL;
        let batches = [1, 2, 5, 10, 20, 50, 100].map(|batch| (batch, Load { batch, ..usual }));
        let answers = [1_000, 10_000, 100_000, 1_000_000].map(|answer| (answer, Load { answer, ..usual }));
        let mut sections = Vec::new();
        for (what, loads) in [("messages of a batch", &batches[..]), ("bytes of an answer", &answers[..])] {
            let mut section =
                Section::new(format!("growth: CPU of one message by {what}"), "µs", "flat or linear");
            for case in [Case::Worker, Case::Delivery] {
                let mut function = self.start(case).await?;
                for (size, load) in loads {
                    let invocations = (count / load.batch).max(3);
                    let cost = self.cost(&mut function, case, *load, invocations).await?;
                    let messages = u32::try_from(load.batch).unwrap_or(1);
                    section.add(&format!("{}, {size}", case.name()), microseconds(cost / messages));
                    self.forget();
                }
            }
            sections.push(section);
        }
        sections.push(self.growth_by_stored(count, stored).await?);
        Ok(sections)
    }

    async fn growth_by_stored(&self, count: usize, stored: &[usize]) -> io::Result<Section> {
        let title = "growth: CPU of one message by conversations that are stored";
        let mut section = Section::new(title, "µs", "flat");
        for case in [Case::Accepting, Case::Worker, Case::Delivery] {
            let mut function = self.start(case).await?;
            self.cost(&mut function, case, Load::USUAL, WARM_UP).await?;
            for &conversations in stored {
                for number in 0..conversations {
                    // Older than all that are made here, and not forgotten with them.
                    let key = format!("conversations/{number:08}-0000-7000-8000-000000000000/query.json");
                    self.platform.services.put(&key, "{}");
                }
                let before = function.cpu();
                for _ in 0..count {
                    self.invoke(&mut function, case, Load::USUAL).await?;
                }
                let cost = function.cpu().saturating_sub(before) / u32::try_from(count).unwrap_or(1);
                section.add(&format!("{}, {conversations}", case.name()), microseconds(cost));
                self.forget();
            }
        }
        Ok(section)
    }
}

fn all() -> impl Iterator<Item = Case> {
    std::iter::once(Case::Hello).chain(Case::PRODUCT)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
