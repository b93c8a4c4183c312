# forgot to return
def optimal_discriminator(p, q):
    torch.nan_to_num(p / (p + q), nan=0.5)
