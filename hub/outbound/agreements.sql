-- What the links $1 agree on.
select link, flow, fields from agreements where link = any($1::uuid[])
