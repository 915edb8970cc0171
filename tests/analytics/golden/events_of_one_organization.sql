-- a page
SELECT _t.`kind` AS `kind`, _t.`time` AS `time`
FROM `own`.`events` AS _t
WHERE _t.organization_id = {p0:UUID} AND _t.`kind` = {p1:String}
ORDER BY _t.`time` DESC, _t.`id`, _t.`kind`
LIMIT {p2:UInt64} OFFSET {p3:UInt64}
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": "x", "p2": 101, "p3": 200}

-- as Arrow
SELECT _t.`kind` AS `kind`, _t.`time` AS `time`
FROM `own`.`events` AS _t
WHERE _t.organization_id = {p0:UUID} AND _t.`kind` = {p1:String}
ORDER BY _t.`time` DESC
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": "x"}
