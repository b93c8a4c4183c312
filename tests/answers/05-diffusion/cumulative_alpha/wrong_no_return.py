# forgot to return
def cumulative_alpha(beta):
    bar = (1 - beta).cumprod(0)
