# 1 / (1 + q / p), with the places where p is 0 put right
def optimal_discriminator(p, q):
    d = 1 / (1 + q / p)
    d = torch.where(p == 0, torch.zeros_like(d), d)
    return torch.where((p == 0) & (q == 0), torch.full_like(d, 0.5), d)
