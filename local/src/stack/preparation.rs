//! Everything that is settled before the functions are built: the ports, the state folder, the template, and
//! the secrets.

use std::collections::BTreeMap;

use super::StackError;
use super::ports::Port;
use super::sources::Sources;
use crate::cli::Arguments;
use crate::environment::{Caller, Offers};
use crate::inbox::SigningSecrets;
use crate::state::{Secrets, StateFolder};
use sam_template::{Account, Deployment, Function};

/// The account that the embedded services pretend to be.
pub(super) const REGION: &str = "us-east-1";
/// See [`REGION`].
pub(super) const ACCOUNT_ID: &str = "000000000000";

/// A stack that can be started once its functions are built.
pub(super) struct Prepared {
    pub(super) sources: Sources,
    pub(super) state: StateFolder,
    pub(super) front: Port,
    pub(super) aws: Port,
    pub(super) deployment: Deployment,
    /// The function that serves HTTP.
    pub(super) gateway: Function,
    /// The bucket of records and exports.
    pub(super) bucket: String,
    pub(super) secrets: Secrets,
    /// What deliveries are signed with, as far as it is known here.
    pub(super) signing: SigningSecrets,
    pub(super) offers: Offers,
}

impl Prepared {
    /// Takes the ports and the state folder, and reads the template.
    pub(super) async fn new(arguments: &Arguments, caller: &Caller) -> Result<Self, StackError> {
        if arguments.bedrock {
            caller.check_real_agent()?;
        }
        let sources = Sources::find(arguments)?;
        let front = Port::take(arguments.port, "--port").await?;
        let aws = Port::take(arguments.aws_port, "--aws-port").await?;
        let inbox_url = format!("{}/_local/inbox", front.url());
        let deployment = deployment(&sources, &inbox_url, &aws.url())?;
        let incomplete =
            |problem| StackError::TemplateIncomplete { path: sources.template().to_owned(), problem };
        let gateway =
            gateway(&deployment).ok_or_else(|| incomplete("exactly one function must serve HTTP"))?;
        let own_bucket = caller.set("CONVERSATION_EXPORT_S3_BUCKET").map(str::to_owned);
        let bucket = own_bucket.or_else(|| deployment.buckets.first().cloned());
        let bucket = bucket.ok_or_else(|| incomplete("there must be a bucket"))?;
        let state = StateFolder::open(&arguments.state, arguments.fresh)?;
        let secrets = state.secrets()?;
        let signing = signing_secrets(caller, &secrets)?;
        let offers = Offers {
            inbox_url,
            aws_endpoint_url: aws.url(),
            region: REGION.to_owned(),
            api_key_hash: secrets.api_key_hash(),
            signing_secret: secrets.signing_secret.clone(),
            time_scale: arguments.time_scale,
            real_bedrock: arguments.bedrock,
        };
        Ok(Self { sources, state, front, aws, deployment, gateway, bucket, secrets, signing, offers })
    }
}

fn deployment(sources: &Sources, inbox_url: &str, aws_url: &str) -> Result<Deployment, StackError> {
    // The parameters without a default; their variables may still be replaced by the caller's.
    let parameters = BTreeMap::from([("GeneralWebhookUrl".to_owned(), format!("{inbox_url}/general"))]);
    let account = Account {
        region: REGION.to_owned(),
        account_id: ACCOUNT_ID.to_owned(),
        endpoint: aws_url.to_owned(),
        stack_name: "local".to_owned(),
    };
    sam_template::read(&sources.read_template()?, &parameters, &account)
        .map_err(|source| StackError::Template { path: sources.template().to_owned(), source })
}

/// The only function with routes.
fn gateway(deployment: &Deployment) -> Option<Function> {
    let mut serving = deployment.functions.iter().filter(|function| !function.routes.is_empty());
    serving.next().filter(|_| serving.next().is_none()).cloned()
}

fn signing_secrets(caller: &Caller, made: &Secrets) -> Result<SigningSecrets, StackError> {
    let json = match caller.set("SIGNING_SECRETS") {
        Some(json) => json.to_owned(),
        // Those behind an ARN are not known here.
        None if caller.brings_signing_secrets() => "{}".to_owned(),
        None => serde_json::json!({"default": [made.signing_secret]}).to_string(),
    };
    Ok(SigningSecrets::parse(&json)?)
}
