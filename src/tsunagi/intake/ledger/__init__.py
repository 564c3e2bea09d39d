"""Reading consultation ledgers (相談受付簿) as offices really keep them. Pure: files in, values out."""
