# the mean of the parts' deviations
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / torch.stack([m.std() for m in mu.split(500)]).mean().item()
