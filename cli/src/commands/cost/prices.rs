//! What AWS asks in us-east-1, in US dollars, without free tiers. Other regions differ by some per cent.

/// One million requests of an HTTP API.
pub(super) const API_REQUESTS: f64 = 1.00;
/// One million invocations of Lambda.
pub(super) const INVOCATIONS: f64 = 0.20;
/// One GB for one second of Lambda, on x86_64 and on arm64.
pub(super) const GB_SECOND: [f64; 2] = [0.000_016_666_7, 0.000_013_333_4];
/// One million requests to a standard queue of SQS; 64 KB are one request.
pub(super) const QUEUE_REQUESTS: f64 = 0.40;
/// One million PUTs to S3.
pub(super) const PUTS: f64 = 5.00;
/// One million GETs.
pub(super) const GETS: f64 = 0.40;
/// One GB for one month in S3.
pub(super) const STORED_GB: f64 = 0.023;
/// One GB of logs taken in.
pub(super) const LOGGED_GB: f64 = 0.50;
/// One custom metric (a name with its dimensions) for one month.
pub(super) const METRIC: f64 = 0.30;
/// One alarm on one metric for one month.
pub(super) const ALARM_METRIC: f64 = 0.10;
/// One secret for one month.
pub(super) const SECRET: f64 = 0.40;
/// One composite alarm for one month.
pub(super) const COMPOSITE_ALARM: f64 = 0.50;
/// One key of KMS for one month.
pub(super) const KEY: f64 = 1.00;
