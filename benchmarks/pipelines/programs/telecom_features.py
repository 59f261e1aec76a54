"""Feature helpers shared by the ticket jobs."""
import pandas as pd

KEYWORDS = {"kw_broken": "broken|no internet", "kw_invoice": "invoice", "kw_wifi": "wifi"}


def clean_channel(series):
    return series.str.strip().str.lower()


def subject_flags(df, column="subject"):
    text = df[column].str.lower()
    for name, pattern in KEYWORDS.items():
        df[name] = text.str.contains(pattern, regex=True).astype(int)
    df["n_words"] = df[column].str.split().str.len()
    df["number_in_subject"] = pd.to_numeric(df[column].str.extract(r"(\d+)")[0]).fillna(-1)
    df["shouting"] = df[column].str.contains(r"[A-Z]{3,}|!").astype(int)
    return df


def date_parts(df, column, drop=True):
    when = pd.to_datetime(df[column])
    df[column + "_hour"] = when.dt.hour
    df[column + "_dow"] = when.dt.dayofweek
    if drop:
        df = df.drop(columns=column)
    return df


def frequency(df, columns):
    """Replace every column by how often its value occurs."""
    for c in columns:
        counts = df[c].value_counts(normalize=True)
        df[c + "_freq"] = df[c].map(counts)
    return df.drop(columns=list(columns))


def domain_kind(address):
    domain = address.split("@")[1]
    if domain in ("gmail.com", "hotmail.com"):
        return "free"
    return "isp" if domain.endswith(".be") else "company"


def months_between(earlier, later):
    return (later.dt.year - earlier.dt.year) * 12 + later.dt.month - earlier.dt.month
