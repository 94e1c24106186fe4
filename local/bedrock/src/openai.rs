//! The other back end: a server that speaks OpenAI's chat completions.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::session::Turn;
use crate::wire::exception::{Exception, Refusal};
use crate::wire::trace::Usage;

/// Longest response body that is read, in bytes.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

const SYSTEM_PROMPT: &str = "You are the manager agent of a revenue operations team. Answer questions \
    about deals, leads and sales figures in concise Markdown. Follow the instructions at the end of \
    the message about the last line of your answer exactly.";

/// A configured server.
#[derive(Clone)]
pub(crate) struct OpenAi {
    client: reqwest::Client,
    /// Where completions are asked for.
    url: Url,
    model: String,
    api_key: Option<String>,
    time_limit: Duration,
}

/// Why there is no such back end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenAiError {
    #[error("the agent URL is not one: {0}")]
    Url(#[from] url::ParseError),
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[from] reqwest::Error),
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Option<TokenUsage>,
}

#[derive(Deserialize)]
struct Choice {
    message: ChoiceMessage,
}

#[derive(Deserialize)]
struct ChoiceMessage {
    content: Option<String>,
}

#[derive(Deserialize)]
struct TokenUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl OpenAi {
    pub(crate) fn new(
        base: &str,
        model: String,
        api_key: Option<String>,
        time_limit: Duration,
    ) -> Result<Self, OpenAiError> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5).min(time_limit))
            .timeout(time_limit)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, url: completions_url(base)?, model, api_key, time_limit })
    }

    /// The model's answer to the input, after the turns before.
    pub(crate) async fn ask(&self, input: &str, turns: &[Turn]) -> Result<(String, Usage), Refusal> {
        let body = self.body(input, turns).to_string();
        let mut request = self.client.post(self.url.clone()).header("content-type", "application/json");
        if let Some(key) = &self.api_key {
            request = request.bearer_auth(key);
        }
        let response = request.body(body).send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(refused(status.as_u16()));
        }
        let body = self.read(response).await?;
        answer(&body, input)
    }

    fn body(&self, input: &str, turns: &[Turn]) -> Value {
        let message = |role: &str, content: &str| json!({ "role": role, "content": content });
        let mut messages = vec![message("system", SYSTEM_PROMPT)];
        for Turn { question, answer } in turns {
            messages.push(message("user", question));
            messages.push(message("assistant", answer));
        }
        messages.push(message("user", input));
        json!({ "model": self.model, "messages": messages, "stream": false })
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, Refusal> {
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if body.len() + part.len() > MAX_BODY_BYTES {
                return Err(bad_gateway("The agent server's answer is too large."));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    fn unreachable(&self, error: &reqwest::Error) -> Refusal {
        if error.is_timeout() {
            let seconds = self.time_limit.as_secs();
            let message = format!("The agent server did not answer within {seconds} s.");
            return Refusal::new(Exception::DependencyFailedException, message);
        }
        tracing::warn!(error = %error.to_string(), "the agent server cannot be reached");
        bad_gateway("The agent server cannot be reached.")
    }
}

/// `{base}/v1/chat/completions`; a base that ends in `/v1` has it already.
fn completions_url(base: &str) -> Result<Url, url::ParseError> {
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix("/v1").unwrap_or(base);
    format!("{base}/v1/chat/completions").parse()
}

fn bad_gateway(message: &str) -> Refusal {
    Refusal::new(Exception::BadGatewayException, message)
}

/// Too many requests is throttling; a failure of the server is a bad gateway; any other status is a
/// dependency that does not do what it is asked.
fn refused(status: u16) -> Refusal {
    let exception = match status {
        429 => Exception::ThrottlingException,
        500.. => Exception::BadGatewayException,
        _ => Exception::DependencyFailedException,
    };
    Refusal::new(exception, format!("The agent server answered with status {status}."))
}

fn answer(body: &[u8], input: &str) -> Result<(String, Usage), Refusal> {
    let completion: Completion = serde_json::from_slice(body)
        .map_err(|_| bad_gateway("The agent server's answer is no chat completion."))?;
    let first = completion.choices.into_iter().next().and_then(|choice| choice.message.content);
    let text = first.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| {
        Refusal::new(Exception::DependencyFailedException, "The agent server's answer is empty.")
    })?;
    let usage = match completion.usage {
        Some(usage) => Usage { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens },
        None => Usage::of(input, &text),
    };
    Ok((text, usage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_completions_path_is_added_once() {
        for base in ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"] {
            assert_eq!(completions_url(base).unwrap().as_str(), "http://h:1/v1/chat/completions");
        }
        assert_eq!(
            completions_url("https://h/openai/v1").unwrap().as_str(),
            "https://h/openai/v1/chat/completions"
        );
        assert!(completions_url("no url").is_err());
    }

    #[test]
    fn an_answer_without_text_is_no_answer() {
        for body in ["", "{}", r#"{"choices":[]}"#, r#"{"choices":[{"message":{"content":" "}}]}"#] {
            assert!(answer(body.as_bytes(), "q").is_err(), "{body}");
        }
    }
}
