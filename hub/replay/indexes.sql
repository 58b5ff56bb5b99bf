-- The statements that give the table $2 in the schema $3 all indexes that it has in the schema $1,
-- under the same names: a later migration may call one by its name.
select coalesce(
           (select format('alter table %I.%I add constraint %I %s', $3::text, $2::text, c.conname,
                          pg_get_constraintdef(c.oid))
            from pg_constraint c
            where c.conindid = i.indexrelid and c.conrelid = i.indrelid),
           replace(pg_get_indexdef(i.indexrelid), format(' ON %I.%I USING ', $1::text, $2::text),
                   format(' ON %I.%I USING ', $3::text, $2::text)))
from pg_index i
where i.indrelid = format('%I.%I', $1::text, $2::text)::regclass
order by i.indexrelid
