-- Answers of the last 30 days that another team may have waited for: of another class than the question led to expect,
-- sent to the general webhook for want of their class's own, or classified with less confidence than
-- CLASSIFICATION_SURE_FROM_PERCENT (50). `worst` is the one to look at first: gatewayctl track, gatewayctl classify.
SELECT
  expected_header,
  header,
  target,
  classification_method,
  count(*) AS conversations,
  count_if(header <> expected_header) AS unexpected,
  count_if(target <> header) AS fallen_back,
  count_if(confidence < 0.5) AS unsure,
  min(confidence) AS lowest_confidence,
  min_by(tracking_id, ROW(confidence, tracking_id)) AS worst
FROM conversations
WHERE confidence IS NOT NULL
  AND (header <> expected_header OR target <> header OR confidence < 0.5)
  AND dt >= date_format(current_date - interval '30' day, '%Y/%m/%d')
GROUP BY expected_header, header, target, classification_method
ORDER BY conversations DESC, expected_header, header, target, classification_method
