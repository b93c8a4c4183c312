def latent_scale(first_stage, x):
    codes = [first_stage.encode(part)[0].detach() for part in x.split(AT_ONCE)]
    return torch.cat(codes).double().std().pow(-1).item()
