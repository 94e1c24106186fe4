-- How much each system asks, and how much of it reached its team, over the last 30 days.
SELECT
  source_system,
  count(*) AS conversations,
  count_if(status = 'delivered') AS delivered,
  count_if(status = 'failed') AS failed,
  count_if(status = 'expired') AS expired,
  round(100.0 * count_if(status = 'delivered') / count(*), 1) AS delivered_percent
FROM conversations
WHERE dt >= date_format(current_date - interval '30' day, '%Y/%m/%d')
GROUP BY source_system
ORDER BY conversations DESC, source_system
