-- From the accepted question to the receiver's 2xx, by class, over the last 30 days. A replay counts with its whole
-- time: what waited for days in the dead-letter queue took days.
SELECT
  header,
  count(*) AS delivered,
  approx_percentile(end_to_end_ms, 0.5) AS median_ms,
  approx_percentile(end_to_end_ms, 0.95) AS p95_ms,
  max(end_to_end_ms) AS longest_ms
FROM conversations
WHERE status = 'delivered'
  AND dt >= date_format(current_date - interval '30' day, '%Y/%m/%d')
GROUP BY header
ORDER BY header
