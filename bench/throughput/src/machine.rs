//! The machine, and what the two processes take of it.

use std::time::Duration;

use anyhow::{Context, Result};
use sysinfo::{
    CpuRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System,
    get_current_pid,
};

/// The machine that a run was made on.
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    /// Processes that wanted a core in the minute before the run.
    pub load_before: f64,
}

impl Machine {
    /// Looks before the run adds to the load.
    pub fn look() -> Self {
        let load_before = System::load_average().one;
        let system =
            System::new_with_specifics(RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()));
        let processor = system.cpus().first().map_or("", |cpu| cpu.brand());
        Self {
            processor: processor.to_owned(),
            cores: system.cpus().len(),
            load_before,
        }
    }
}

/// The CPU time that each process has had so far, system calls included.
pub struct CpuTimes {
    pub client: Duration,
    /// Zero if the node's process is not known.
    pub node: Duration,
}

/// This process, the client, and the node's if it is on this machine.
pub struct Processes {
    system: System,
    client: Pid,
    node: Option<Pid>,
}

impl Processes {
    pub fn new(node: Option<u32>) -> Result<Self> {
        Ok(Self {
            system: System::new(),
            client: get_current_pid().map_err(anyhow::Error::msg)?,
            node: node.map(Pid::from_u32),
        })
    }

    pub fn cpu_times(&mut self) -> Result<CpuTimes> {
        let processes: Vec<Pid> = [self.client].into_iter().chain(self.node).collect();
        self.system.refresh_processes_specifics(
            ProcessesToUpdate::Some(&processes),
            true,
            ProcessRefreshKind::nothing().with_cpu(),
        );
        let cpu_time = |id| {
            let process = self.system.process(id).context("the node has ended")?;
            anyhow::Ok(Duration::from_millis(process.accumulated_cpu_time()))
        };
        Ok(CpuTimes {
            client: cpu_time(self.client)?,
            node: self.node.map_or(Ok(Duration::ZERO), cpu_time)?,
        })
    }
}
