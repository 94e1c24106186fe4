-- One row a conversation, with moments as moments. Needs the format `summary` among EXPORT_FORMATS.
CREATE OR REPLACE VIEW conversations AS
SELECT
  dt,
  tracking_id,
  from_iso8601_timestamp(received_at) AS received_at,
  from_iso8601_timestamp(as_of) AS as_of,
  caller,
  source_system,
  source_process,
  status,
  reason,
  notice,
  header,
  expected_header,
  target,
  classification_method,
  confidence,
  agent_latency_ms,
  input_tokens,
  output_tokens,
  failed_tries,
  failed_attempts,
  run,
  http_status,
  end_to_end_ms
FROM conversation_history
WHERE "$path" LIKE '%/summary.json'
