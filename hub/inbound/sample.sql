-- Whether the log holds more than the demo's own changes ($1: its road, $2: the connection that its
-- visitor pushes to), and the highest number among the companies made up so far.
select coalesce((select road is distinct from $1 and connection is distinct from $2
                 from events order by position limit 1), false) as strange,
       coalesce((select max(case connection when 'crm' then record::bigint - 3000
                                            else record::bigint - 46000 end)
                 from records
                 where (connection, kind) in (('crm', 'Accounts'), ('books', 'contacts'))
                   and record ~ '^[0-9]{4,9}$'), 0) as companies
