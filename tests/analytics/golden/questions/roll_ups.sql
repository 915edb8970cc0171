INSERT INTO metric_minutes
SELECT organization_id, name, series, toStartOfInterval(time, INTERVAL 60 SECOND) AS at, anyLast(labels),
       count(), sum(value), min(value), max(value), quantilesTDigestState(0.5, 0.95, 0.99)(value)
 
FROM metric_points
WHERE batch IN {batches:Array(UInt64)}

GROUP BY organization_id, name, series, at
ORDER BY organization_id, name, series, at
-- {"batches": [1, 2]}

INSERT INTO metric_hours
SELECT organization_id, name, series, toStartOfInterval(time, INTERVAL 3600 SECOND) AS at, anyLast(labels),
       count(), sum(value), min(value), max(value), quantilesTDigestState(0.5, 0.95, 0.99)(value)
 
FROM metric_points
WHERE batch IN {batches:Array(UInt64)}

GROUP BY organization_id, name, series, at
ORDER BY organization_id, name, series, at
-- {"batches": [1, 2]}
