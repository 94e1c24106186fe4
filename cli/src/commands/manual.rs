//! `gatewayctl completions` and `gatewayctl man`: what a shell and a pager know of this program.

use std::io::Write;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Args;
use crate::error::CtlError;

const COMPLETIONS: &str = "\
Examples:
  gatewayctl completions bash > ~/.local/share/bash-completion/completions/gatewayctl
  gatewayctl completions zsh  > \"${fpath[1]}/_gatewayctl\"
  gatewayctl completions fish > ~/.config/fish/completions/gatewayctl.fish";

const MAN: &str = "\
Examples:
  gatewayctl man | man -l -
  gatewayctl man dlq replay | man -l -
  gatewayctl man > /usr/local/share/man/man1/gatewayctl.1";

/// Print what a shell needs to complete this program's commands.
#[derive(Debug, clap::Args)]
#[command(after_help = COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page, of this program or of one of its commands.
#[derive(Debug, clap::Args)]
#[command(after_help = MAN)]
pub(crate) struct Man {
    /// The command, such as `dlq replay`
    command: Vec<String>,
}

/// Prints the completions.
pub(crate) fn completions(args: &Completions, out: &mut impl Write) -> Result<(), CtlError> {
    // Its printer panics at a closed pipe: it gets a buffer instead.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "gatewayctl", &mut script);
    Ok(out.write_all(&script)?)
}

/// Prints the page.
pub(crate) fn man(args: &Man, out: &mut impl Write) -> Result<(), CtlError> {
    let mut command = Args::command();
    command.build();
    let mut name = "gatewayctl".to_owned();
    for word in &args.command {
        let below = command.find_subcommand(word).cloned();
        let unknown = || CtlError::NotFound(format!("{name} has no command {word:?}; see {name} --help"));
        command = below.ok_or_else(unknown)?;
        name = format!("{name}-{word}");
    }
    let page = clap_mangen::Man::new(command.display_name(name.clone())).title(name);
    Ok(page.render(out)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(words: &[&str]) -> Result<String, CtlError> {
        let mut out = Vec::new();
        man(&Man { command: words.iter().map(|word| (*word).to_owned()).collect() }, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn every_shell_completes_every_command() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut out = Vec::new();
            completions(&Completions { shell }, &mut out).unwrap();
            let script = String::from_utf8(out).unwrap();
            for command in Args::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
        }
    }

    #[test]
    fn there_is_a_page_for_the_program_and_for_each_command() {
        assert!(page(&[]).unwrap().contains("reconcile"));
        assert!(page(&["dlq", "replay"]).unwrap().contains("ignore\\-deadline"));
        assert!(
            matches!(page(&["dlq", "fly"]), Err(CtlError::NotFound(text)) if text.contains("gatewayctl-dlq"))
        );
    }
}
