-- The exports as a table, by the day (UTC) on which a question was accepted. Replace BUCKET, twice.
--
-- Nothing has to be added when a day begins: the partitions are projected, since the day is part of every key
-- (conversation-history/YYYY/MM/DD/<tracking id>/). Name a range of dt in every query, or Athena lists every day
-- from the first one below.
--
-- Athena reads whatever lies in a partition's folder and cannot leave files out, so each row here is one of up to four
-- files of a conversation. The columns are those of summary.json; where another format has a member of the same name, it
-- has the same type, and the others are null. Query the view `conversations`, which keeps the rows of summary.json.
CREATE EXTERNAL TABLE IF NOT EXISTS conversation_history (
  schema_version int,
  tracking_id string,
  received_at string,
  as_of string,
  caller string,
  source_system string,
  source_process string,
  status string,
  reason string,
  notice string,
  header string,
  expected_header string,
  target string,
  classification_method string,
  confidence double,
  agent_latency_ms bigint,
  input_tokens bigint,
  output_tokens bigint,
  failed_tries int,
  failed_attempts int,
  run int,
  http_status int,
  end_to_end_ms bigint
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://BUCKET/conversation-history/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy/MM/dd',
  'projection.dt.range' = '2026/01/01,NOW+1DAYS',
  'projection.dt.interval' = '1',
  'projection.dt.interval.unit' = 'DAYS',
  'storage.location.template' = 's3://BUCKET/conversation-history/${dt}/'
)
