//! `ALLOWED_PRIVATE_CIDRS`: private addresses that are allowed all the same.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::config::Reader;

const NAME: &str = "ALLOWED_PRIVATE_CIDRS";
const EXAMPLE: &str = "10.20.0.0/16,fd00::/8";

/// Reads `ALLOWED_PRIVATE_CIDRS`: networks (or single addresses) separated by commas. Set but empty means
/// none, as does not being set.
pub fn read_allowed_private_cidrs(reader: &mut Reader<'_>) -> Vec<IpNet> {
    let Some(text) = reader.variables().get(NAME) else { return Vec::new() };
    let mut nets = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part
            .parse::<IpNet>()
            .or_else(|cause| part.parse::<IpAddr>().map(IpNet::from).map_err(|_| cause))
        {
            Ok(net) => nets.push(net),
            Err(_) => reader.complain(NAME, &format!("names {part:?}, which is not a network"), EXAMPLE),
        }
    }
    nets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Variables;

    fn read(value: &str) -> Result<Vec<IpNet>, crate::config::ConfigError> {
        let variables = Variables::new([(NAME, value)]);
        let mut reader = Reader::new(&variables);
        let nets = read_allowed_private_cidrs(&mut reader);
        reader.finish(nets)
    }

    #[test]
    fn networks_and_single_addresses_are_separated_by_commas() {
        let nets = read("127.0.0.0/8, ::1/128,10.0.0.7").unwrap();
        assert_eq!(
            nets.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["127.0.0.0/8", "::1/128", "10.0.0.7/32"]
        );
    }

    #[test]
    fn set_but_empty_means_none() {
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read(" , ").unwrap(), []);
    }

    #[test]
    fn what_is_no_network_is_named() {
        assert!(read("10.0.0.0/33").unwrap_err().to_string().contains("10.0.0.0/33"));
        assert!(read("localhost").is_err());
    }
}
