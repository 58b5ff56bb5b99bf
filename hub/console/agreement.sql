-- What the fields of the link $1 are for the flow $2.
select fields from agreements where link = $1 and flow = $2
