"""Write customers.csv: made-up customers of a telephone company, and which of them left.

An ordinary script with the standard library alone; the same rows come out each time.
"""

import csv
import math
import random

ROWS = 800


def main() -> None:
    draw = random.Random(7)
    with open("customers.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer", "months", "calls", "spend", "plan", "left"])
        for customer in range(ROWS):
            months = draw.randint(1, 60)
            calls = round(draw.gammavariate(2, 2))
            plan = draw.choice(["basic", "family", "unlimited"])
            spend = round(months * draw.uniform(12, 55), 2)
            wish = 0.35 * calls - 0.05 * months + (0.8 if plan == "basic" else 0) - 1.2
            left = int(draw.random() < 1 / (1 + math.exp(-wish)))
            writer.writerow([customer, months, calls, spend, plan, left])
    print(f"customers.csv: {ROWS} customers")


if __name__ == "__main__":
    main()
