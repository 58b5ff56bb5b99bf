-- What the fields of the link $1 are, flow by flow.
select flow, fields, position from agreements where link = $1 order by flow
