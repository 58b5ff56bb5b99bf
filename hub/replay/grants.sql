-- The statements that give the table $2 in the schema $3 the privileges that it has in the schema $1.
select format('grant %s on %I.%I to %s', string_agg(a.privilege_type, ', '), $3::text, $2::text,
              case a.grantee when 0 then 'public' else a.grantee::regrole::text end)
from pg_class c, aclexplode(c.relacl) a
where c.oid = format('%I.%I', $1::text, $2::text)::regclass and a.grantee <> c.relowner
group by a.grantee
