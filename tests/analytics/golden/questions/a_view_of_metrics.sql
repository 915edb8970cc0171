SELECT interval, k0, countMerge(m0), avgMerge(m1), max(version)
FROM `view_01900000000070008000000000000001_1`
WHERE interval > {p0:UInt32}
GROUP BY interval, k0 HAVING sum(number) > 0
ORDER BY interval NULLS FIRST, k0 NULLS FIRST
LIMIT 10001
-- {"p0": 1767225600}
